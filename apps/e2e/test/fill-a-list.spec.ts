import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectedCells, shownCells } from '../src/answers.js';
import { uno, unoJson } from '../src/cli.js';
import { COMPANIES_CSV } from '../src/companies.js';
import { query, tamper } from '../src/database.js';
import { type LoggedLookUp, sandbox } from '../src/sandbox.js';
import { everythingHealthy } from '../src/stack-control.js';
import { billingSuperuserUrl, readCredentials } from '../src/stack-home.js';
import type { Books, Column, Job } from '../src/views.js';
import { Workspace } from '../src/workspace.js';

const LIST = 'Five hundred companies';
const COMPANIES = 503;

describe('a list of 503 companies, filled from the command line', () => {
  let workspace: Workspace;
  let listId: string;
  let columns: Column[];
  let filled: Job & { readonly books: Books };
  let lookUps: LoggedLookUp[];

  beforeAll(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    workspace = await Workspace.create('Fill a list', 10_000);
    const imported = await unoJson<{ id: string; imported: number; rejectedCount: number }>(
      workspace,
      ...['lists', 'import', COMPANIES_CSV, '--name', LIST],
    );
    expect(imported).toMatchObject({ imported: COMPANIES, rejectedCount: 0, identity: { name: 'Security' } });
    listId = imported.id;
    const add = (name: string, attribute: string): Promise<Column> =>
      unoJson<Column>(
        workspace,
        ...['columns', 'add', '--list', LIST, '--name', name, '--service', 'enrich'],
        ...['--config', JSON.stringify({ attribute })],
      );
    columns = [await add('Industry', 'industry'), await add('Employees', 'employees')];
    const mark = await sandbox.mark();
    filled = await unoJson(workspace, 'fill', '--list', LIST, '--watch');
    lookUps = await sandbox.lookUpsSince(mark);
  });

  test('completes, with closed books and a credit paid for each filled cell', async () => {
    expect(filled).toMatchObject({
      state: 'completed',
      totals: { cells: 2 * COMPANIES, open: 0, pending: 0, error: 0 },
    });
    expect(filled.books).toMatchObject({ closed: true, openHolds: 0, pendingCells: 0, differences: [] });
    expect(filled.books.capturedCells).toBe(filled.totals.filled);
    expect(await workspace.credits()).toEqual({
      granted: 10_000,
      available: 10_000 - filled.totals.filled,
      held: 0,
      spent: filled.totals.filled,
    });
  });

  test('shows in every cell what the first provider that knows it says', async () => {
    const rows = await workspace.rows(listId);
    expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: COMPANIES }, (_, index) => index));
    expect(shownCells(rows, columns)).toEqual(await expectedCells(rows, columns));
  });

  test('asks each provider once per company for both columns, and the second one only for what the first lacks', async () => {
    // A call that is refused for its rate looked nothing up; nothing else may go wrong.
    // A call of another test's cancelled job may still be answered; those companies are asked for by their domain.
    const names = new Set(
      (await workspace.rows(listId)).map(({ entity }) => (entity['Security'] ?? '').trim().toLowerCase()),
    );
    const answered = lookUps.filter(({ status, key }) => status !== 429 && key !== null && names.has(key));
    expect(answered.filter(({ status }) => status !== 200)).toEqual([]);
    const asked = answered.map(({ provider, key }) => `${provider} ${key}`);
    expect(asked).toHaveLength(new Set(asked).size);
    expect(answered.filter(({ provider }) => provider === 'lusha')).toHaveLength(COMPANIES);
    const second = new Set(answered.filter(({ provider }) => provider === 'pdl').map(({ key }) => key));
    const expected = new Set<string>();
    let secondOnly = 0;
    for (const { entity } of await workspace.rows(listId)) {
      const company = entity['Security'] ?? '';
      const [first, other] = await Promise.all([sandbox.answer('lusha', company), sandbox.answer('pdl', company)]);
      const complete = first.values['industry'] != null && first.values['employees'] != null;
      if (!complete) expected.add(company.trim().toLowerCase());
      if (!first.found && other.found) secondOnly += 1;
    }
    expect(second).toEqual(expected);
    expect(secondOnly).toBeGreaterThan(COMPANIES / 20);
  });

  test('shows a difference when a cell is altered by hand in the orchestrator’s database, until it is put back', async () => {
    const { databaseAdminUrl } = readCredentials();
    const [cell] = await query<{ row_id: string; value: unknown }>(
      databaseAdminUrl,
      `select row_id, value from cell where column_id = $1 and status = 'filled' limit 1`,
      [columns[0]?.id],
    );
    const write = (value: unknown): Promise<unknown> =>
      query(databaseAdminUrl, 'update cell set value = $3 where column_id = $1 and row_id = $2', [
        columns[0]?.id,
        cell?.row_id,
        JSON.stringify(value),
      ]);
    await write('altered by hand');
    const altered = await workspace.books(filled.id);
    await write(cell?.value);
    expect(altered).toMatchObject({ closed: false, differences: [{ rowId: cell?.row_id, columnId: columns[0]?.id }] });
    expect(await uno(workspace, 'jobs', 'books', filled.id)).toMatchObject({ exitCode: 0 });
  });

  test('shows a difference when a line is taken out of the ledger, until it is put back', async () => {
    const url = billingSuperuserUrl();
    const [line] = await query<{ line: object; id: string }>(
      url,
      'select to_jsonb(l) as line, cell_version_id as id from capture_line l where account_id = $1 limit 1',
      [workspace.id],
    );
    const gone = await tamper(url, 'delete from capture_line where account_id = $1 and cell_version_id = $2', [
      workspace.id,
      line?.id,
    ]);
    const run = await uno(workspace, 'jobs', 'books', filled.id, '--json');
    await tamper(url, 'insert into capture_line select * from jsonb_populate_record(null::capture_line, $1::jsonb)', [
      JSON.stringify(line?.line),
    ]);
    expect(gone).toBe(1);
    expect(run.exitCode).not.toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ closed: false, capturedCells: filled.totals.filled - 1 });
    expect((JSON.parse(run.stdout) as Books).differences).toContainEqual(
      expect.objectContaining({ kind: 'filled_not_captured', cellVersionId: line?.id }),
    );
    expect(await workspace.books(filled.id)).toMatchObject({ closed: true, differences: [] });
  });

  test('gets the new values when the providers’ data changed and it is filled again', async () => {
    const before = shownCells(await workspace.rows(listId), columns);
    await sandbox.reset(2);
    const again = await unoJson<Job & { books: Books }>(workspace, 'fill', '--list', LIST, '--scope', 'all', '--watch');
    expect(again).toMatchObject({ state: 'completed', books: { closed: true } });
    const rows = await workspace.rows(listId);
    const expected = await expectedCells(rows, columns);
    // A refill that finds nothing keeps the former value.
    const kept = expected.map((cell, index) => (cell.value === null ? (before[index] ?? cell) : cell));
    const after = shownCells(rows, columns);
    expect(after).toEqual(kept);
    expect(after.filter((cell, index) => cell.value !== before[index]?.value).length).toBeGreaterThan(COMPANIES / 2);
  });
});
