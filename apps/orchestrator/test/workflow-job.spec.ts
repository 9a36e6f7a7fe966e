import { afterEach, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { PAGE_FAILED_FAILURE } from '@uno/workflow-contracts';
import { waitUntil } from '@uno/testing';
import { readBooks } from '../src/jobs/books.js';
import type { JobRef } from '@uno/workflow-contracts';
import { steerJob } from '../src/jobs/steer-job.js';
import { runningJobs, serversForThisFile } from './workflow-fixture.js';
import type { RunningJobs } from './workflow-fixture.js';

const { billing, side } = await serversForThisFile();
let jobs: RunningJobs;
afterEach(() => jobs.stop());

const CLOSED = { closed: true, openHolds: 0, pendingCells: 0, differences: [] };
const refOf = (jobId: string): JobRef => ({ workspaceId: jobs.workspaceId, jobId });
const books = (jobId: string) => readBooks(jobs.database, billing.client, refOf(jobId));
const outcome = (jobId: string): Promise<unknown> => jobs.client.workflow.getHandle(`job:${jobId}`).result();
const cancel = (jobId: string): Promise<void> =>
  jobs.database.inWorkspace(jobs.workspaceId, (sql) =>
    steerJob(sql, refOf(jobId), { action: 'cancel', actor: 'key_test' }),
  );
const expectNothingSpent = async (): Promise<void> => {
  const { granted, available, held, spent } = await billing.account(jobs.workspaceId);
  expect({ available, held, spent }).toEqual({ available: granted, held: 0, spent: 0 });
};

/** Cells filled by an earlier job, one edited by hand: what an undo must give back. */
async function filledBefore() {
  const first = await jobs.holding();
  await jobs.pay(first, 0);
  await jobs.complete(first);
  await jobs.edit(jobs.rowIds[1] ?? '', jobs.columnIds[0] ?? '', 'mine');
  return jobs.cells();
}

describe('a job, from its order to closed books', () => {
  test('completes over several pages, small ones first, and pays for exactly what it filled', async () => {
    jobs = await runningJobs(side, billing, { rows: 1_200, columns: 1, credits: 2_000 });
    await jobs.startWorkers();
    const job = await jobs.accept();
    expect((await jobs.final(job.id)).state).toBe('completed');
    expect(await outcome(job.id)).toEqual({ state: 'completed' });
    const pages = await jobs.admin<{ cells: number }>('select cells from job_page order by page_no');
    expect(pages.map(({ cells }) => cells)).toEqual([20, 500, 500, 180]);
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 1_200, billableFilledCells: 1_200 });
    expect(await billing.account(jobs.workspaceId)).toMatchObject({ available: 800, held: 0, spent: 1_200 });
    expect((await jobs.view(job.id)).totals).toMatchObject({ cells: 1_200, filled: 1_200, open: 0, pending: 0 });
  });

  test('completes a small job of two columns in one step', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 2 });
    await jobs.startWorkers();
    const job = await jobs.accept();
    expect((await jobs.final(job.id)).state).toBe('completed');
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 6 });
    await jobs.record('completed', job.id);
  });

  test('with its ceiling below the price fills what fits and completes', async () => {
    jobs = await runningJobs(side, billing, { rows: 60, columns: 1 });
    await jobs.startWorkers();
    const job = await jobs.accept({ maxCredits: 33 });
    const { state, totals } = await jobs.final(job.id);
    expect(state).toBe('completed');
    expect(totals).toMatchObject({ filled: 33, skipped: 27 });
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 33 });
  });

  test('without enough credits fails before any cell changes, with a reason that a person understands', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 1, credits: 2 });
    await jobs.startWorkers();
    const job = await jobs.accept();
    const { state, failure } = await jobs.final(job.id);
    expect({ state, code: failure?.code }).toEqual({ state: 'failed', code: 'insufficient_credits' });
    expect(failure?.message).toContain('needs up to 3 credits and 2 are available');
    expect(await jobs.cells()).toEqual([]);
    expect(await books(job.id)).toMatchObject(CLOSED);
    await expectNothingSpent();
  });

  test('in a workspace that never had credits fails in the same way', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 1, credits: 0 });
    await jobs.startWorkers();
    const job = await jobs.accept();
    expect((await jobs.final(job.id)).failure?.code).toBe('insufficient_credits');
    expect(await books(job.id)).toMatchObject(CLOSED);
  });

  test('whose page cannot go on restores every cell, refunds every credit and says why', async () => {
    jobs = await runningJobs(side, billing, { rows: 10, columns: 1 });
    const before = await filledBefore();
    await jobs.startWorkers();
    jobs.behave = async ({ jobId, pageNo, stepNo }, fill) => {
      await fill();
      await jobs.admin(
        `insert into page_failure (workspace_id, id, job_id, page_no, step_no, service_id, code, message)
         values ($1, 'err_1', $2, $3, $4, 'enrich', 'provider_down', 'The providers did not answer.') on conflict do nothing`,
        [jobs.workspaceId, jobId, pageNo, stepNo],
      );
      const detail = { code: 'provider_down', service: 'enrich', page: pageNo, step: stepNo, errorId: 'err_1' };
      throw ApplicationFailure.nonRetryable('The page cannot go on', PAGE_FAILED_FAILURE, detail);
    };
    const job = await jobs.accept();
    const { state, failure } = await jobs.final(job.id);
    expect(state).toBe('failed');
    expect(failure).toEqual({
      ...{ code: 'provider_down', message: 'The providers did not answer.', errorId: 'err_1' },
      ...{ service: 'enrich', page: 0, step: 0 },
    });
    expect(await jobs.cells()).toEqual(before);
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 0 });
    expect(await billing.account(jobs.workspaceId)).toMatchObject({ available: 990, held: 0, spent: 10 });
    expect((await jobs.admin(`select payload from outbox where topic = 'alert'`)).length).toBe(1);
    await jobs.record('failed', job.id);
  });

  test('that is cancelled in the middle restores every cell and refunds what was captured', async () => {
    jobs = await runningJobs(side, billing, { rows: 40, columns: 1 });
    const before = await filledBefore();
    await jobs.startWorkers();
    let stopped = false;
    jobs.behave = async ({ pageNo }, fill) => {
      if (pageNo === 0) return fill();
      await waitUntil(() => stopped, { what: 'the cancel' });
      return fill();
    };
    const job = await jobs.accept();
    const bothAreOpen = async (): Promise<boolean> => {
      const { credits, totals } = await jobs.view(job.id);
      return credits.captured > 0 && totals.open === 0;
    };
    await waitUntil(bothAreOpen, { what: 'a captured page and an open one' });
    await cancel(job.id);
    expect((await jobs.final(job.id)).state).toBe('cancelled');
    stopped = true;
    const cells = await jobs.cells();
    expect(cells.filter(({ status }) => status !== 'blank')).toEqual(before);
    expect(cells).toHaveLength(40);
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 0 });
    expect(await billing.account(jobs.workspaceId)).toMatchObject({ available: 980, held: 0, spent: 20 });
    await jobs.record('cancelled', job.id);
  });

  test('that is cancelled with keep leaves the captured pages, paid', async () => {
    jobs = await runningJobs(side, billing, { rows: 40, columns: 1 });
    await jobs.startWorkers();
    jobs.behave = async ({ pageNo }, fill) => {
      if (pageNo > 0) throw new Error('not yet');
      return fill();
    };
    const job = await jobs.accept({ onCancel: 'keep' });
    await waitUntil(async () => (await jobs.view(job.id)).credits.captured > 0, { what: 'a captured page' });
    await cancel(job.id);
    expect((await jobs.final(job.id)).state).toBe('cancelled');
    expect((await jobs.view(job.id)).totals).toMatchObject({ filled: 20, open: 20, pending: 0 });
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 20 });
  });
});
