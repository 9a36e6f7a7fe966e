import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeWith } from '../src/describe-with.js';
import { query } from '../src/database.js';
import { type Fault, sandbox } from '../src/sandbox.js';
import {
  companiesWithDomains,
  expectedFacts,
  FOUR_TEAMS,
  shownFacts,
  type SixColumnList,
  sixColumns,
} from '../src/six-columns.js';
import { everythingHealthy, processOf, signal } from '../src/stack-control.js';
import { readCredentials } from '../src/stack-home.js';
import type { Column } from '../src/views.js';
import { Workspace } from '../src/workspace.js';

const ROWS = 60;
const CREDITS = 10_000;

describeWith(FOUR_TEAMS, 'a team that is away or slow', () => {
  let workspace: Workspace;
  let list: SixColumnList;
  let stopped: number | undefined;

  beforeEach(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    workspace = await Workspace.create('Isolation', CREDITS);
    list = await sixColumns(workspace, companiesWithDomains(ROWS));
  });
  afterEach(() => {
    if (stopped !== undefined) process.kill(stopped, 'SIGCONT');
    stopped = undefined;
  });
  afterAll(() => sandbox.reset(1));

  /** Its cells that are settled. */
  async function settled(column: Column): Promise<number> {
    const { items } = await workspace.send<{ items: { cells: Record<string, { status: string }> }[] }>(
      'GET',
      `/v1/lists/${list.list.id}/rows?limit=${ROWS}`,
    );
    return items.filter(({ cells }) => !['blank', 'pending'].includes(cells[column.id]?.status ?? 'blank')).length;
  }

  async function completesRightly(jobId: string): Promise<void> {
    const job = await workspace.finalJob(jobId);
    expect(job).toMatchObject({ state: 'completed', totals: { cells: 6 * ROWS, open: 0, pending: 0, error: 0 } });
    expect(await workspace.books(jobId)).toMatchObject({ closed: true, differences: [] });
    const rows = await workspace.rows(list.list.id);
    expect(shownFacts(rows, list)).toEqual(await expectedFacts(rows));
    expect(rows.map(({ cells }) => cells[list.byName.CRM.id]?.status)).toEqual(rows.map(() => 'filled'));
  }

  test('delays its own columns alone: the others are filled, the job says whom it waits for, and completes afterwards', async () => {
    stopped = processOf('ai-worker').pid;
    signal('ai-worker', 'SIGSTOP');
    const { id } = await workspace.fill(list.list.id, list.columns);
    const { Industry, Employees, News, Summary, Segment, CRM } = list.byName;
    await workspace.jobWhen(id, 'to have filled what needs no model', ({ totals }) => totals.pending === 3 * ROWS);
    expect(await Promise.all([Industry, Employees, News].map(settled))).toEqual([ROWS, ROWS, ROWS]);
    expect(await Promise.all([Summary, Segment, CRM].map(settled))).toEqual([0, 0, 0]);
    // A minute passes.
    await query(
      readCredentials().databaseAdminUrl,
      `update job_page set opened_at = opened_at - interval '1 minute' where job_id = $1`,
      [id],
    );
    const { waitingFor } = await workspace.jobWhen(id, 'to say whom it waits for', (job) => Boolean(job.waitingFor));
    expect(waitingFor).toMatchObject([{ service: 'ai' }]);
    process.kill(stopped, 'SIGCONT');
    stopped = undefined;
    await completesRightly(id);
  });

  test.each<[string, Fault]>([
    ['refuses calls for its rate', { provider: 'openai', fault: 'rate_limited', times: 5 }],
    ['leaves calls without an answer', { provider: 'openai', fault: 'hang', probability: 0.1, params: { ms: 1_000 } }],
  ])('completes with right values when the provider of a team %s', async (_, fault) => {
    await sandbox.faults([fault]);
    const { id } = await workspace.fill(list.list.id, list.columns);
    await completesRightly(id);
    for (const hits of await sandbox.faultHits()) expect(hits).toBeGreaterThan(0);
  });
});
