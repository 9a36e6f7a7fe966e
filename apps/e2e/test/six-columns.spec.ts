import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { crm, type CrmCompany, type CrmProperties } from '../src/crm.js';
import { describeWith } from '../src/describe-with.js';
import { type LoggedLookUp, sandbox } from '../src/sandbox.js';
import {
  companiesWithDomains,
  expectedFacts,
  FOUR_TEAMS,
  mappedProperties,
  PRICES,
  type RowFacts,
  shownFacts,
  type SixColumnList,
  sixColumns,
} from '../src/six-columns.js';
import { everythingHealthy } from '../src/stack-control.js';
import type { Job, Row } from '../src/views.js';
import { Workspace } from '../src/workspace.js';

const COMPANIES = 503;
/** In the CRM beforehand, with other values. */
const KNOWN = 100;
const CREDITS = 10_000;
const FORMER: CrmProperties = { name: 'A former name', industry: 'A former industry', city: 'Springfield' };

describeWith(FOUR_TEAMS, 'six columns of four teams over 503 companies', () => {
  const entities = companiesWithDomains(COMPANIES);
  const known = new Set(
    entities
      .filter((_, index) => index % 5 === 0)
      .flatMap(({ Domain }) => Domain)
      .slice(0, KNOWN),
  );
  let workspace: Workspace;
  let list: SixColumnList;
  let job: Job;
  let rows: Row[];
  let shown: Map<string, RowFacts>;
  let before: Map<string, CrmCompany>;
  let lookUps: LoggedLookUp[];

  beforeAll(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    await crm.write(new Map([...known].map((domain) => [domain, FORMER])));
    before = await crm.companies();
    workspace = await Workspace.create('Six columns', CREDITS);
    list = await sixColumns(workspace, entities);
    const mark = await sandbox.mark();
    const { id } = await workspace.fill(list.list.id, list.columns);
    job = await workspace.finalJob(id);
    lookUps = await sandbox.lookUpsSince(mark);
    rows = await workspace.rows(list.list.id);
    shown = shownFacts(rows, list);
  });
  afterAll(() => sandbox.reset(1));

  test('completes with closed books', async () => {
    expect(job).toMatchObject({ state: 'completed', totals: { cells: 6 * COMPANIES, open: 0, pending: 0, error: 0 } });
    expect(await workspace.books(job.id)).toMatchObject({
      ...{ closed: true, openHolds: 0, pendingCells: 0, differences: [] },
      capturedCells: job.totals.filled,
    });
  });

  test('shows in every cell what the providers answer, and skips a prompt whose column is empty in the row', async () => {
    const expected = await expectedFacts(rows);
    expect(shown).toEqual(expected);
    const skipped = [...expected.values()].filter(({ Summary }) => Summary.status === 'skipped').length;
    expect(skipped).toBeGreaterThan(0);
    expect(job.skippedBy).toEqual({ inputs: skipped });
  });

  test('leaves the CRM with one record for each company, with what is mapped, and 100 of them updated', async () => {
    const after = await crm.companies();
    expect(after.size).toBe(COMPANIES);
    for (const entity of entities) {
      const { Domain: domain } = entity;
      const facts = shown.get(domain);
      const former = before.get(domain);
      const mapped = facts && mappedProperties(entity, facts);
      expect(after.get(domain)?.properties).toEqual({ ...former?.properties, ...mapped });
      if (former) expect(after.get(domain)?.id).toBe(former.id);
    }
    const outcomes = rows.map(({ entity, cells }) => ({ domain: entity['Domain'], ...cells[list.byName.CRM.id] }));
    expect(outcomes).toEqual(
      entities.map(({ Domain: domain }) =>
        expect.objectContaining({
          ...{ domain, status: 'filled' },
          value: { recordId: after.get(domain)?.id, outcome: known.has(domain) ? 'updated' : 'created' },
        }),
      ),
    );
  });

  test('looks each company up once at a provider for both columns of data, and writes each record once', () => {
    const onceEach = (what: readonly LoggedLookUp[]): void => {
      const keys = what.map(({ provider, key }) => `${provider} ${key}`);
      expect(keys).toHaveLength(new Set(keys).size);
    };
    const answered = lookUps.filter(({ status }) => status === 200);
    const data = answered.filter(({ route }) => /search-and-enrich|company\/enrich/.test(route));
    onceEach(data);
    expect(data.filter(({ provider }) => provider === 'lusha')).toHaveLength(COMPANIES);
    const written = answered.filter(({ effect }) => effect === 'created' || effect === 'updated');
    onceEach(written);
    expect(written).toHaveLength(COMPANIES);
    expect(written.filter(({ effect }) => effect === 'updated')).toHaveLength(KNOWN);
  });

  test('explains every credit by the column that it was paid for', async () => {
    const paid = new Map<string, number>();
    for (const { kind, jobId, columnId, amount } of await workspace.entries()) {
      if (kind !== 'capture' || jobId !== job.id || columnId === undefined) continue;
      paid.set(columnId, (paid.get(columnId) ?? 0) + Math.abs(amount));
    }
    const filled = (columnId: string): number =>
      rows.filter(({ cells }) => cells[columnId]?.status === 'filled').length;
    const expected = list.columns.map(({ id, service }) => [id, filled(id) * (PRICES[service] ?? 0)] as const);
    expect(paid).toEqual(new Map(expected));
    const spent = expected.reduce((sum, [, credits]) => sum + credits, 0);
    expect(await workspace.credits()).toEqual({ granted: CREDITS, available: CREDITS - spent, held: 0, spent });
    expect(job.credits).toMatchObject({ held: 0, captured: spent, refunded: 0 });
  });
});
