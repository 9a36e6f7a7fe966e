import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { expectedCells, shownCells } from '../src/answers.js';
import { unoJson } from '../src/cli.js';
import { companies } from '../src/companies.js';
import { type Fault, sandbox } from '../src/sandbox.js';
import { everythingHealthy } from '../src/stack-control.js';
import { withTemporal } from '../src/temporal.js';
import type { Column, Credits, Job, Row, UnoList } from '../src/views.js';
import { settledShare, Workspace } from '../src/workspace.js';

const ROWS = 100;
const CELLS = 2 * ROWS;
/** Enough for the cells that the grid starts with, and not for all. */
const CREDITS = 260;
const LATENCY_MS = 300;

describe('a grid with filled, edited and failed cells', () => {
  let workspace: Workspace;
  let list: UnoList;
  let columns: Column[];
  let rows: Row[];
  let credits: Credits;

  beforeAll(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    workspace = await Workspace.create('Undo', CREDITS);
    ({ list, columns } = await workspace.companies(companies(ROWS), ['industry', 'employees']));
    const ids = (await workspace.rows(list.id)).map(({ id }) => id);

    // Without the second provider, what the first one lacks ends in error.
    await sandbox.faults([{ provider: 'pdl', fault: 'server_error' }]);
    await fillRows(ids.slice(0, 50));
    await sandbox.heal();
    await fillRows(ids.slice(50, 80));
    for (const rowId of [ids[0], ids[30], ids[60], ids[90]]) {
      const path = `/v1/lists/${list.id}/rows/${rowId}/cells/${columns[0]?.id}`;
      await workspace.send('PUT', path, { value: 'Edited by hand' });
    }
    rows = await workspace.rows(list.id);
    const states = new Set(shownCells(rows, columns).map(({ status }) => status));
    expect([...states].sort()).toEqual(['blank', 'error', 'filled', 'not_found']);
  });

  beforeEach(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    credits = await workspace.credits();
  });
  afterAll(() => sandbox.reset(1));

  async function fillRows(rowIds: readonly string[]): Promise<void> {
    const { id } = await workspace.fill(list.id, columns, { scope: { type: 'rows', rowIds } });
    expect(await workspace.finalJob(id)).toMatchObject({ state: 'completed' });
  }

  function fillEverything(): Promise<Job> {
    return workspace.fill(list.id, columns, { overwriteEdits: true });
  }

  /** Starts a job over all cells and waits until some of them are filled, paid for, and others not settled. */
  async function paidInTheMiddle(): Promise<Job> {
    await sandbox.latency(LATENCY_MS);
    const { id } = await fillEverything();
    const job = await workspace.jobWhen(id, 'to have paid for a page', (seen) => seen.credits.captured > 0);
    expect(settledShare(job)).toBeLessThan(0.9);
    return job;
  }

  /** Every cell is what it was, every credit is back and the books are closed. */
  async function nothingHappened(jobId: string): Promise<void> {
    expect(await workspace.rows(list.id)).toEqual(rows);
    expect(await workspace.credits()).toEqual({ ...credits, held: 0 });
    expect(await workspace.books(jobId)).toMatchObject({
      closed: true,
      openHolds: 0,
      pendingCells: 0,
      capturedCells: 0,
      billableFilledCells: 0,
      differences: [],
    });
    expect((await workspace.holds(jobId)).filter(({ state }) => state === 'open')).toEqual([]);
  }

  test('is untouched by a job that it lacks the credits for, and no provider is asked', async () => {
    expect(credits.available).toBeLessThan(CELLS);
    const mark = await sandbox.mark();
    const { id } = await fillEverything();
    const job = await workspace.finalJob(id);
    expect(job).toMatchObject({
      state: 'failed',
      failure: {
        code: 'insufficient_credits',
        message: expect.stringContaining(`needs up to ${CELLS} credits and ${credits.available} are available`),
      },
    });
    expect(await sandbox.lookUpsSince(mark)).toEqual([]);
    await nothingHappened(id);
  });

  describe('and enough credits', () => {
    beforeAll(() => workspace.grant(10 * CELLS));

    test.each<[string, Fault[], string, RegExp]>([
      [
        'both providers go down for longer than they are retried',
        [
          { provider: 'lusha', fault: 'server_error' },
          { provider: 'pdl', fault: 'hang', params: { ms: 500 } },
        ],
        'provider_connection_lost',
        /^Lusha had an internal error; People Data Labs closed the connection before it had answered\. Try the cells again/,
      ],
      [
        'a provider stops to accept the key',
        [{ provider: 'lusha', fault: 'unauthorized' }],
        'provider_unauthorized',
        /^Lusha does not accept the configured key\. Check LUSHA_API_KEY, then start the job again\.$/,
      ],
    ])('is restored and everything paid back when %s', async (_, faults, code, message) => {
      const { id } = await paidInTheMiddle();
      await sandbox.faults(faults);
      const job = await workspace.finalJob(id);
      expect(job).toMatchObject({ state: 'failed', failure: { code, message: expect.stringMatching(message) } });
      expect(job.credits.refunded).toBeGreaterThan(0);
      expect(job.credits.refunded).toBe(job.credits.captured);
      for (const hits of await sandbox.faultHits()) expect(hits).toBeGreaterThan(0);
      await nothingHappened(id);
    });

    test('is restored and everything paid back when the job is cancelled in the middle', async () => {
      const { id } = await paidInTheMiddle();
      const { status } = await workspace.ask('POST', `/v1/jobs/${id}/cancel`, { body: {} });
      expect(status).toBe(202);
      const job = await workspace.finalJob(id);
      expect(job.state).toBe('cancelled');
      expect(job.credits.refunded).toBeGreaterThan(0);
      await nothingHappened(id);
      const again = await workspace.ask('POST', `/v1/jobs/${id}/cancel`, { body: {} });
      expect(again).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    });

    test('is restored and everything paid back when its workflow is terminated, and nobody does anything', async () => {
      const { id } = await paidInTheMiddle();
      await withTemporal((client) => client.workflow.getHandle(`job:${id}`).terminate());
      const job = await workspace.finalJob(id);
      expect(job).toMatchObject({ state: 'failed', failure: { code: 'workflow_lost' } });
      expect(job.credits.refunded).toBeGreaterThan(0);
      await nothingHappened(id);
      const proof = await unoJson<{ differenceCount: number; checked: object }>(workspace, 'reconcile');
      expect(proof).toMatchObject({ differenceCount: 0, checked: { jobs: expect.any(Number) } });
    });

    // The last one: it changes the grid.
    test('is filled by the second provider when the first one stays down', async () => {
      await sandbox.faults([{ provider: 'lusha', fault: 'server_error' }]);
      const { id } = await fillEverything();
      const job = await workspace.finalJob(id);
      expect(job).toMatchObject({ state: 'completed', totals: { cells: CELLS, open: 0, pending: 0, notFound: 0 } });
      expect(job.totals.filled).toBeGreaterThan(ROWS);
      expect(await workspace.books(id)).toMatchObject({ closed: true, capturedCells: job.totals.filled });
      expect(await workspace.credits()).toMatchObject({ held: 0, spent: credits.spent + job.totals.filled });

      const now = await workspace.rows(list.id);
      const byBoth = await expectedCells(now, columns);
      const before = shownCells(rows, columns);
      const bySecond = await expectedCells(now, columns, ['pdl']);
      const expected = bySecond.map((cell, index) => {
        if (cell.value !== null) return cell;
        const former = before[index];
        return former?.status === 'filled' ? former : { ...cell, status: 'error' };
      });
      expect(shownCells(now, columns)).toEqual(expected);
      expect(expected).not.toEqual(byBoth);
    });
  });
});
