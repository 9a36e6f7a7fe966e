import { afterEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import { jobWorkflowId } from '@uno/workflow-contracts';
import { readBooks } from '../src/jobs/books.js';
import { steerJob } from '../src/jobs/steer-job.js';
import { runningJobs, serversForThisFile } from './workflow-fixture.js';
import type { RunningJobs } from './workflow-fixture.js';

const { billing, side } = await serversForThisFile();
let jobs: RunningJobs;
afterEach(() => jobs.stop());

const CLOSED = { closed: true, openHolds: 0, pendingCells: 0, differences: [] };
const refOf = (jobId: string) => ({ workspaceId: jobs.workspaceId, jobId });
const books = (jobId: string) => readBooks(jobs.database, billing.client, refOf(jobId));
const balances = () => billing.account(jobs.workspaceId);
const cancel = (jobId: string) =>
  jobs.database.inWorkspace(jobs.workspaceId, (sql) =>
    steerJob(sql, refOf(jobId), { action: 'cancel', actor: 'key_test' }),
  );
const expire = (jobId: string) =>
  billing.tamper(
    `update hold set expires_at = clock_timestamp() - interval '1 second' where reference = $1 and state = 'open'`,
    [jobId],
  );
/** Waits until an activity of the job's workflow was tried so often without success. */
const triedInVain = (jobId: string, activity: string, times: number) =>
  waitUntil(
    async () => {
      const { raw } = await jobs.client.workflow.getHandle(jobWorkflowId(jobId)).describe();
      return raw.pendingActivities?.some(
        ({ activityType, attempt }) => activityType?.name === activity && (attempt ?? 0) > times,
      );
    },
    { what: `${activity} to be tried in vain`, timeoutMs: 30_000 },
  );

describe('a job whose hold expires in the middle', () => {
  test('holds again and completes', async () => {
    jobs = await runningJobs(side, billing, { rows: 60, columns: 1 });
    await jobs.startWorkers();
    let expired = false;
    jobs.behave = async ({ jobId, pageNo }, fill) => {
      if (pageNo > 0 && !expired) {
        await expire(jobId);
        expired = true;
      }
      return fill();
    };
    const job = await jobs.accept();
    expect((await jobs.final(job.id)).state).toBe('completed');
    expect(await jobs.admin('select n from job_hold order by n')).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 60 });
    expect(await balances()).toMatchObject({ available: 940, held: 0, spent: 60 });
  });

  test('fails when its credits are gone by then, and says so', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 1, credits: 3 });
    await jobs.startWorkers();
    jobs.behave = async ({ jobId }, fill) => {
      await expire(jobId);
      await billing.client.hold({
        workspaceId: jobs.workspaceId,
        jobId: `other-${jobId}`,
        n: 1,
        amount: 1,
        ttlSeconds: 60,
      });
      return fill();
    };
    const job = await jobs.accept({ onFailure: 'keep' });
    const { state, failure, totals } = await jobs.final(job.id);
    expect({ state, code: failure?.code }).toEqual({ state: 'failed', code: 'insufficient_credits' });
    expect(totals).toMatchObject({ filled: 0, open: 3, pending: 0 });
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 0 });
  });
});

describe('a job while billing is away', () => {
  test('waits with its hold and its capture for as long as it takes, and completes', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 1 });
    await billing.down();
    await jobs.startWorkers();
    const job = await jobs.accept();
    await triedInVain(job.id, 'holdCredits', 2);
    expect((await jobs.view(job.id)).totals).toMatchObject({ open: 3, pending: 0 });
    jobs.behave = async (_, fill) => {
      await billing.down();
      return fill();
    };
    await billing.up();
    await triedInVain(job.id, 'sealAndCapture', 2);
    await billing.up();
    expect((await jobs.final(job.id)).state).toBe('completed');
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 3 });
  });

  test.each(['rollback', 'keep'])(
    'restores what it can when it is cancelled with %s, and ends when billing is back',
    async (onCancel) => {
      jobs = await runningJobs(side, billing, { rows: 30, columns: 1 });
      await jobs.startWorkers();
      jobs.behave = async ({ pageNo }, fill) => {
        if (pageNo > 0) throw new Error('not yet');
        return fill();
      };
      const job = await jobs.accept({ onCancel });
      await waitUntil(async () => (await jobs.view(job.id)).credits.captured === 20, { what: 'a captured page' });
      await billing.down();
      await cancel(job.id);
      await triedInVain(job.id, 'releaseHold', 2);
      if (onCancel === 'rollback') {
        await waitUntil(async () => (await jobs.view(job.id)).totals.pending === 0, { what: 'restored cells' });
      }
      expect((await jobs.view(job.id)).state).toBe('compensating');
      await billing.up();
      expect((await jobs.final(job.id)).state).toBe('cancelled');
      const kept = onCancel === 'keep' ? 20 : 0;
      expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: kept });
      expect(await balances()).toMatchObject({ held: 0, spent: kept });
    },
  );
});

describe('a job under its ceiling', () => {
  test.each([
    [1, 0],
    [45, 44],
  ])(
    'of %i credits, with pages of 10 rows and cells of 2 credits, spends %i and completes',
    async (maxCredits, spent) => {
      jobs = await runningJobs(side, billing, { rows: 60, columns: 1, price: 2 });
      await jobs.admin('update service set max_page_rows = 10');
      await jobs.startWorkers();
      const job = await jobs.accept({ maxCredits });
      const { state, totals, skippedBy } = await jobs.final(job.id);
      expect({ state, filled: totals.filled, skippedBy }).toEqual({
        ...{ state: 'completed', filled: spent / 2, skippedBy: { ceiling: 60 - spent / 2 } },
      });
      const filled = await jobs.admin<{ row_no: number }>(
        `select row_no from cell join list_row r on r.id = row_id where status = 'filled' order by row_no`,
      );
      expect(filled.map(({ row_no }) => row_no)).toEqual(Array.from({ length: spent / 2 }, (_, no) => no + 1));
      expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: spent / 2 });
      expect(await balances()).toMatchObject({ held: 0, spent });
    },
  );
});
