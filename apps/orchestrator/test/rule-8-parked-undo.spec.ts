import { afterEach, describe, expect, test } from '@jest/globals';
import { compensateWorkflowId, jobWorkflowId, revertWorkflowId } from '@uno/workflow-contracts';
import { waitUntil } from '@uno/testing';
import { readBooks } from '../src/jobs/books.js';
import { reconcilerOf } from './reconciler-fixture.js';
import type { ReconcilerFixture } from './reconciler-fixture.js';
import { serversForThisFile } from './workflow-fixture.js';
import { hang, pageFailed, writingJobs } from './writing-jobs.js';
import type { WritingJobs } from './writing-jobs.js';

const { billing, side } = await serversForThisFile();
let jobs: WritingJobs;
let fixture: ReconcilerFixture;
afterEach(async () => {
  await fixture.stop();
  await jobs.stop();
});

async function start(options?: Parameters<typeof writingJobs>[2]): Promise<void> {
  jobs = await writingJobs(side, billing, options);
  fixture = reconcilerOf(jobs, side, billing);
}

/** A job that is parked, because every revert of page 0 is refused. */
async function parked(): Promise<string> {
  jobs.behave = jobs.failOnSecond;
  jobs.revert = async (input) => {
    if (input.pageNo > 0) return jobs.takeBack(input);
    await jobs.admin(
      `insert into page_failure (workspace_id, id, job_id, page_no, step_no, service_id, code, message)
       values ($1, 'err_r', $2, 0, 0, 'enrich', 'provider_unauthorized', 'The CRM does not accept its key.') on conflict do nothing`,
      [jobs.workspaceId, input.jobId],
    );
    throw pageFailed('provider_unauthorized', input, 'err_r');
  };
  const { id } = await jobs.accept();
  await jobs.isIn(id, 'compensation_failed');
  expect(await jobs.outcome(jobWorkflowId(id))).toEqual({ state: 'compensation_failed' });
  return id;
}

describe('rule R8, an undo that a provider refuses', () => {
  test('is parked with cells and credits right, says why and what to do, and alerts once', async () => {
    await start();
    const id = await parked();
    const view = await jobs.view(id);
    expect(view).toMatchObject({
      ...{ state: 'compensation_failed', failure: { code: 'provider_down' }, totals: { pending: 0, filled: 0 } },
      credits: { held: 0, captured: 20, released: 10, refunded: 20 },
      reverts: { records: 30, reverted: 10, changedMeanwhile: 0, open: 20 },
      revertFailure: {
        ...{ code: 'revert_failed', cause: 'provider_unauthorized', service: 'enrich', page: 0, attempts: 1 },
        message: expect.stringMatching(/"enrich".*The CRM does not accept its key\. .*ask the job to compensate/),
      },
    });
    expect(view).not.toHaveProperty('finishedAt');
    expect((await jobs.cells()).every(({ status }) => status === 'blank')).toBe(true);
    expect(await billing.account(jobs.workspaceId)).toMatchObject({ available: 1_000, held: 0, spent: 0 });
    expect(await readBooks(jobs.database, billing.client, { workspaceId: jobs.workspaceId, jobId: id })).toEqual({
      ...{ closed: false, state: 'compensation_failed', openHolds: 0, pendingCells: 0, openReverts: 20 },
      ...{ capturedCells: 0, billableFilledCells: 0, differences: [] },
    });
    const alerts = `select payload -> 'alert' as alert from outbox where topic = 'alert'`;
    expect(await jobs.admin(alerts)).toEqual([{ alert: 'compensation_failed' }]);
    expect(await fixture.metrics.registry.metrics()).toMatch(/uno_jobs_parked 1\n/);
    const { violations, settling } = await fixture.check();
    expect([...violations, ...settling]).toEqual([]);
  });

  test('is tried again by the reconciler when it is due, each time later, until the provider takes it back', async () => {
    await start();
    const id = await parked();
    const waits = async () => {
      const [row] = await jobs.admin<{ wait: number }>(
        'select round(extract(epoch from next_revert_at - parked_at))::integer as wait from job',
      );
      return row?.wait;
    };
    const due = () => jobs.admin('update job set next_revert_at = clock_timestamp()');
    expect(await waits()).toBe(60);
    expect(await fixture.reconciler.tick('a')).toMatchObject({ 'parked-jobs': 0, 'lost-workflows': 0 });
    await due();
    expect(await fixture.reconciler.tick('b')).toMatchObject({ 'parked-jobs': 1 });
    await waitUntil(async () => (await jobs.view(id)).revertFailure?.attempts === 2, { what: 'a second try' });
    expect(await jobs.outcome(compensateWorkflowId(id))).toEqual({ state: 'compensation_failed' });
    expect(await waits()).toBe(120);
    await jobs.admin('update job set revert_attempts = 50');
    jobs.revert = jobs.takeBack;
    await due();
    expect(await fixture.reconciler.tick('c')).toMatchObject({ 'parked-jobs': 1 });
    expect(await jobs.final(id)).toMatchObject({ state: 'failed', failure: { code: 'provider_down' } });
    expect(await jobs.view(id)).not.toHaveProperty('revertFailure');
    await jobs.expectUndone(id);
    const alerts = await jobs.admin(
      `select payload ->> 'alert' as alert from outbox where topic = 'alert' order by id`,
    );
    expect(alerts).toEqual([{ alert: 'compensation_failed' }, { alert: 'job_failed' }]);
    expect(await fixture.metrics.registry.metrics()).toMatch(/uno_jobs_parked 0\n/);
  });

  test('is tried again at once when a person asks for it, and for nothing else can it be asked', async () => {
    await start();
    const id = await parked();
    await expect(jobs.steer(id, 'cancel')).rejects.toMatchObject({
      ...{
        status: 409,
        code: 'state_conflict',
        detail: expect.stringContaining('All it can be asked is to compensate'),
      },
      options: { extensions: { state: 'compensation_failed', allowed: ['compensate'] } },
    });
    jobs.revert = jobs.takeBack;
    await jobs.steer(id, 'compensate');
    await jobs.steer(id, 'compensate').catch(() => undefined);
    expect((await jobs.final(id)).state).toBe('failed');
    await jobs.expectUndone(id);
    expect(await jobs.admin(`select action from job_control`)).toEqual([{ action: 'compensate' }]);
    await expect(jobs.steer(id, 'compensate')).rejects.toMatchObject({
      options: { extensions: { state: 'failed', allowed: [] } },
    });
  });

  test('is parked when a team does not answer within the budget, and ends cancelled as it was to', async () => {
    await start({ revertBudgetSeconds: 2 });
    jobs.behave = async (input) => (input.pageNo === 0 ? jobs.write(input) : hang());
    jobs.revert = hang;
    const { id } = await jobs.accept();
    await waitUntil(async () => (await jobs.view(id)).credits.captured > 0, { what: 'a paid page' });
    await jobs.steer(id, 'cancel');
    await jobs.isIn(id, 'compensation_failed');
    const { revertFailure, failure } = await jobs.view(id);
    expect([revertFailure?.cause, failure]).toEqual(['revert_timed_out', undefined]);
    expect(revertFailure?.message).toContain('longer than its budget');
    jobs.revert = jobs.takeBack;
    await jobs.steer(id, 'compensate');
    expect((await jobs.final(id)).state).toBe('cancelled');
    expect([...jobs.crm.records]).toEqual([['Company 1', { industry: 'Old' }]]);
  });

  test('whose team says it is done but reports no outcome is parked all the same', async () => {
    await start();
    jobs.behave = jobs.failOnSecond;
    jobs.revert = () => Promise.resolve({ reverted: 0, changedMeanwhile: 0 });
    const { id } = await jobs.accept();
    await jobs.isIn(id, 'compensation_failed');
    expect((await jobs.view(id)).revertFailure?.cause).toBe('revert_incomplete');
  });

  test('that was killed between its phases is undone by the reconciler, each write taken back once', async () => {
    await start({ startWorkers: false });
    jobs.behave = jobs.failOnSecond;
    let reached = 0;
    const dueReverts = () => ((reached += 1), hang());
    await jobs.startWorkers({ dueReverts });
    const { id } = await jobs.accept();
    await waitUntil(() => reached > 0, { what: 'the revert to be due' });
    await jobs.client.workflow.getHandle(jobWorkflowId(id)).terminate();
    await jobs.stopWorkers();
    await jobs.startWorkers();
    for (const tick of ['a', 'b']) await fixture.reconciler.tick(tick);
    expect(await jobs.final(id)).toMatchObject({ state: 'failed', failure: { code: 'provider_down' } });
    await jobs.expectUndone(id);
    const child = jobs.client.workflow.getHandle(revertWorkflowId('enrich', { jobId: id, pageNo: 0, stepNo: 0 }));
    expect((await child.describe()).status.name).toBe('COMPLETED');
  });
});
