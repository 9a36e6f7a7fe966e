import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { compensateWorkflowId, jobWorkflowId, segmentWorkflowId } from '@uno/workflow-contracts';
import { waitUntil } from '@uno/testing';
import { readBooks } from '../src/jobs/books.js';
import { steerJob } from '../src/jobs/steer-job.js';
import { reconcilerOf } from './reconciler-fixture.js';
import type { ReconcilerFixture } from './reconciler-fixture.js';
import { runningJobs, serversForThisFile } from './workflow-fixture.js';
import type { RunningJobs } from './workflow-fixture.js';

const { billing, side } = await serversForThisFile();
let jobs: RunningJobs;
let fixture: ReconcilerFixture;
beforeEach(async () => {
  jobs = await runningJobs(side, billing, { rows: 210, columns: 1 });
  fixture = reconcilerOf(jobs, side, billing);
});
afterEach(async () => {
  await fixture.stop();
  await jobs.stop();
});

const LOST = { state: 'failed', failure: { code: 'workflow_lost', message: expect.stringContaining('undone') } };
const CLOSED = { closed: true, openHolds: 0, pendingCells: 0, capturedCells: 0, differences: [] };
const TICKS = `WorkflowType = 'reconcileWorkflow'`;
const hang = (): Promise<never> => new Promise(() => undefined);
const refOf = (jobId: string) => ({ workspaceId: jobs.workspaceId, jobId });
const workflow = (id: string) => jobs.client.workflow.getHandle(id);
const isRunning = (id: string): Promise<boolean> =>
  workflow(id)
    .describe()
    .then(
      ({ status }) => status.name === 'RUNNING',
      () => false,
    );

/** A job of which a page is paid and another open. */
async function halfDone(): Promise<string> {
  jobs.behave = ({ pageNo }, fill) => (pageNo === 0 ? fill() : hang());
  const { id } = await jobs.accept();
  await waitUntil(async () => (await jobs.view(id)).credits.captured > 0, { what: 'a paid page' });
  return id;
}

/** A job that was accepted, and whose workflow was gone before it ran a step. */
async function terminatedBeforeItBegan(): Promise<string> {
  const { id } = await jobs.accept();
  await waitUntil(async () => (await jobs.admin('select 1 from outbox where relayed_at is not null')).length > 0, {
    what: 'the start of the workflow',
  });
  await workflow(jobWorkflowId(id)).terminate();
  return id;
}

async function expectUndone(jobId: string): Promise<void> {
  expect((await jobs.cells()).every(({ status, value }) => status === 'blank' && value === null)).toBe(true);
  expect(await readBooks(jobs.database, billing.client, refOf(jobId))).toMatchObject(CLOSED);
  const { violations, settling } = await fixture.check();
  expect([...violations, ...settling]).toEqual([]);
}

describe('the reconciler, by its schedule,', () => {
  beforeEach(async () => {
    await fixture.schedule().ensure();
    await jobs.startWorkers(fixture.activity);
  });

  test('undoes a job whose workflow was terminated, and nobody has to do anything', async () => {
    const jobId = await halfDone();
    await workflow(jobWorkflowId(jobId)).terminate();
    expect(await jobs.final(jobId)).toMatchObject(LOST);
    await expectUndone(jobId);
  });

  test('undoes a job whose compensation was terminated too', async () => {
    const jobId = await halfDone();
    await jobs.stopWorkers();
    let held = 0;
    await jobs.startWorkers({ ...fixture.activity, refundCaptures: () => ((held += 1), hang()) });
    await workflow(jobWorkflowId(jobId)).terminate();
    await waitUntil(() => held > 0, { what: 'the compensation to be under way', timeoutMs: 40_000 });
    await workflow(compensateWorkflowId(jobId)).terminate();
    await jobs.stopWorkers();
    await jobs.startWorkers(fixture.activity);
    expect(await jobs.final(jobId)).toMatchObject(LOST);
    await expectUndone(jobId);
  });

  test('leaves a job alone that runs, and finds no law broken before, while and after', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    jobs.behave = async ({ pageNo }, fill) => {
      if (pageNo > 0) await gate;
      return fill();
    };
    const { id: jobId } = await jobs.accept();
    const ticks = async (): Promise<number> => (await jobs.client.workflow.count(TICKS)).count;
    const before = await ticks();
    await waitUntil(async () => (await ticks()) > before + 2, { what: 'some ticks' });
    expect((await fixture.check()).total).toBe(0);
    expect(await jobs.admin('select * from job_watch')).toEqual([]);
    open();
    expect((await jobs.final(jobId)).state).toBe('completed');
    await waitUntil(async () => (await jobs.admin('select 1 from job where audited_at is not null')).length > 0, {
      what: 'the audit of the job',
    });
    expect(await jobs.admin('select * from law_violation')).toEqual([]);
    expect(await jobs.admin('select entry_id from ledger_mark')).toHaveLength(1);
    expect(await fixture.metrics.registry.metrics()).toMatch(/uno_law_violations\{law="L6"\} 0/);
  });
});

describe('a segment of a job', () => {
  test('that was terminated fails its job, which is undone', async () => {
    await jobs.admin('update service set max_page_rows = 1');
    await jobs.startWorkers(fixture.activity);
    const jobId = await halfDone();
    await workflow(segmentWorkflowId(jobId, 0)).terminate();
    expect(await jobs.final(jobId)).toMatchObject({ state: 'failed' });
    await expectUndone(jobId);
  });
});

describe('a job without a workflow', () => {
  test('is taken over at the second tick, and a tick that is tried again is not a second one', async () => {
    const jobId = await terminatedBeforeItBegan();
    for (const tick of ['a', 'a']) expect(await fixture.reconciler.tick(tick)).toMatchObject({ 'lost-workflows': 0 });
    expect(await isRunning(compensateWorkflowId(jobId))).toBe(false);
    expect(await fixture.reconciler.tick('b')).toMatchObject({ 'lost-workflows': 1 });
    expect(await isRunning(compensateWorkflowId(jobId))).toBe(true);
    await jobs.startWorkers();
    expect(await jobs.final(jobId)).toMatchObject(LOST);
    await expectUndone(jobId);
  });

  test('ends cancelled where a cancel was acknowledged', async () => {
    const jobId = await terminatedBeforeItBegan();
    await jobs.database.inWorkspace(jobs.workspaceId, (sql) =>
      steerJob(sql, refOf(jobId), { action: 'cancel', actor: 'key_test' }),
    );
    await jobs.admin(`update outbox set relayed_at = now() where topic = 'cancel-job'`);
    for (const tick of ['a', 'b']) await fixture.reconciler.tick(tick);
    await jobs.startWorkers();
    expect(await jobs.final(jobId)).toMatchObject({ state: 'cancelled' });
    await expectUndone(jobId);
  });

  test('is left alone while its start is not relayed, and while its owner changes from tick to tick', async () => {
    const jobId = await terminatedBeforeItBegan();
    await jobs.admin(`update outbox set relayed_at = null, available_at = now() + interval '1 hour'`);
    for (const tick of ['a', 'b']) expect(await fixture.reconciler.tick(tick)).toMatchObject({ 'lost-workflows': 0 });
    await jobs.admin('update outbox set relayed_at = now()');
    for (const tick of ['c', 'd', 'e']) {
      await jobs.begin(jobId, 'run-1').catch(() => undefined);
      await jobs.admin('update job set fence = fence + 1');
      expect(await fixture.reconciler.tick(tick)).toMatchObject({ 'lost-workflows': 0 });
    }
  });

  test('is taken over while billing is away, and one duty that fails does not stop the others', async () => {
    const jobId = await terminatedBeforeItBegan();
    await billing.down();
    try {
      await fixture.reconciler.tick('a');
      const done = await fixture.reconciler.tick('b');
      expect(done).toMatchObject({ 'lost-workflows': 1 });
      expect(Object.keys(done)).not.toContain('orphan-holds');
      expect(await fixture.metrics.registry.metrics()).toMatch(
        /uno_reconciler_failures_total\{duty="orphan-holds"\} 2/,
      );
    } finally {
      await billing.up();
    }
    await jobs.startWorkers();
    expect(await jobs.final(jobId)).toMatchObject(LOST);
  });

  test('is no violation of L21 at first, and one when it stays so; a workflow of a final job likewise', async () => {
    const jobId = await terminatedBeforeItBegan();
    expect((await fixture.check()).settling).toMatchObject([{ law: 'L21', kind: 'job_without_workflow', jobId }]);
    const other = await jobs.accept();
    await waitUntil(() => isRunning(jobWorkflowId(other.id)), { what: 'the other workflow' });
    const end = `update job set state = 'failed', finished_at = now()`;
    await jobs.admin(`${end} where id = $1`, [other.id]);
    expect((await fixture.check()).settling).toMatchObject([
      { kind: 'job_without_workflow' },
      { law: 'L21', kind: 'workflow_left_over', jobId: other.id },
    ]);
    await jobs.admin(`update job set finished_at = now() - interval '2 minutes' where id = $1`, [other.id]);
    const violations = (await fixture.check()).violations.filter(({ law }) => law === 'L21');
    expect(violations).toMatchObject([{ kind: 'workflow_left_over', jobId: other.id }]);
    await workflow(jobWorkflowId(other.id)).terminate();
  });
});
