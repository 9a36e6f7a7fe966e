import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ORCHESTRATOR_TASK_QUEUE,
  compensateJob,
  compensateWorkflowId,
  fillJob,
  fillSegment,
  jobWorkflowId,
  pageWorkflowId,
} from '@uno/workflow-contracts';
import type { JobRef } from '@uno/workflow-contracts';
import { waitUntil } from '@uno/testing';
import { readBooks } from '../src/jobs/books.js';
import { steerJob } from '../src/jobs/steer-job.js';
import { openPage } from '../src/pages/open-page.js';
import { runningJobs, serversForThisFile } from './workflow-fixture.js';
import type { RunningJobs } from './workflow-fixture.js';

const { billing, side } = await serversForThisFile();
let jobs: RunningJobs;
afterEach(() => jobs.stop());

const CLOSED = { closed: true, openHolds: 0, pendingCells: 0, differences: [] };
const refOf = (jobId: string): JobRef => ({ workspaceId: jobs.workspaceId, jobId });
const books = (jobId: string) => readBooks(jobs.database, billing.client, refOf(jobId));
const relayed = (topic: string): Promise<unknown> =>
  waitUntil(
    async () => (await jobs.admin('select 1 from outbox where topic = $1 and attempts > 0', [topic])).length > 0,
    { what: `the relay of ${topic}` },
  );
const hang = (): Promise<never> => new Promise(() => undefined);

describe('a job under faults', () => {
  test('that is cancelled before its workflow has run a step ends cancelled, untouched', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 1 });
    const job = await jobs.accept();
    const handle = jobs.client.workflow.getHandle(jobWorkflowId(job.id));
    await waitUntil(
      () =>
        handle.describe().then(
          () => true,
          () => false,
        ),
      { what: 'the workflow' },
    );
    await jobs.database.inWorkspace(jobs.workspaceId, (sql) =>
      steerJob(sql, refOf(job.id), { action: 'cancel', actor: 'key_test' }),
    );
    await relayed('cancel-job');
    await waitUntil(
      async () =>
        (await handle.fetchHistory()).events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes),
      { what: 'the cancel request' },
    );
    await jobs.startWorkers();
    expect((await jobs.final(job.id)).state).toBe('cancelled');
    expect(await jobs.cells()).toEqual([]);
    expect(await books(job.id)).toMatchObject(CLOSED);
  });

  test('whose workflow was terminated is undone when it is cancelled', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 1 });
    await jobs.startWorkers();
    jobs.behave = hang;
    const job = await jobs.accept();
    await waitUntil(async () => (await jobs.view(job.id)).totals.pending === 3, { what: 'the page to be open' });
    await jobs.client.workflow.getHandle(jobWorkflowId(job.id)).terminate();
    await jobs.database.inWorkspace(jobs.workspaceId, (sql) =>
      steerJob(sql, refOf(job.id), { action: 'cancel', actor: 'key_test' }),
    );
    expect((await jobs.final(job.id)).state).toBe('cancelled');
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 0, billableFilledCells: 0 });
  });

  test('goes on when billing was down for a while', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 1 });
    await jobs.startWorkers();
    let tried = 0;
    jobs.behave = async (_, fill) => {
      tried += 1;
      if (tried === 1) await billing.down();
      return fill();
    };
    const job = await jobs.accept();
    await waitUntil(async () => (await jobs.admin(`select 1 from job_page where state = 'sealed'`)).length > 0, {
      what: 'a page that waits for its capture',
    });
    await billing.up();
    expect((await jobs.final(job.id)).state).toBe('completed');
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 3 });
  });

  test('goes on with another worker when the first is gone in the middle of it', async () => {
    jobs = await runningJobs(side, billing, { rows: 100, columns: 1 });
    let gone = false;
    jobs.behave = async ({ pageNo }, fill) => {
      if (pageNo > 0 && !gone) throw new Error('not yet');
      return fill();
    };
    await jobs.startWorkers();
    const job = await jobs.accept();
    await waitUntil(async () => (await jobs.view(job.id)).totals.filled === 20, { what: 'the first page' });
    await jobs.stopWorkers();
    gone = true;
    await jobs.startWorkers();
    expect((await jobs.final(job.id)).state).toBe('completed');
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 100 });
  });

  test.each(['sealAndCapture', 'finishJob'])(
    'whose worker died in %s gives that step to another worker within seconds, not minutes',
    async (step) => {
      jobs = await runningJobs(side, billing, { rows: 3, columns: 1 });
      let hung = false;
      await jobs.startWorkers({ [step]: () => ((hung = true), hang()) });
      const job = await jobs.accept();
      await waitUntil(() => hung, { what: `the worker to be in ${step}` });
      await jobs.stopWorkers();
      await jobs.startWorkers();
      expect((await jobs.final(job.id)).state).toBe('completed');
      expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 3 });
    },
  );

  test('that is started twice runs once, and a second workflow for it ends without touching it', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 1 });
    await jobs.startWorkers();
    const job = await jobs.accept();
    await Promise.all([1, 2, 3].map(() => jobs.starter.start(refOf(job.id), 3)));
    const other = await jobs.client.workflow.execute(fillJob.workflowType, {
      ...{ workflowId: `other:${job.id}`, taskQueue: ORCHESTRATOR_TASK_QUEUE, args: [refOf(job.id)] },
    });
    expect([other, await jobs.client.workflow.getHandle(jobWorkflowId(job.id)).result()]).toContainEqual({
      state: 'superseded',
    });
    expect((await jobs.final(job.id)).state).toBe('completed');
    await jobs.starter.start(refOf(job.id), 3);
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 3 });
    expect(await jobs.admin('select n from job_hold')).toHaveLength(1);
  });

  test('whose workflow was terminated is undone from outside, by the same code', async () => {
    jobs = await runningJobs(side, billing, { rows: 40, columns: 1 });
    await jobs.startWorkers();
    let late: (() => Promise<unknown>) | undefined;
    jobs.behave = async ({ pageNo }, fill) => {
      if (pageNo === 0) return fill();
      late = fill;
      return hang();
    };
    const job = await jobs.accept();
    await waitUntil(async () => late !== undefined && (await jobs.view(job.id)).credits.captured > 0, {
      what: 'a paid page',
    });
    await jobs.client.workflow.getHandle(jobWorkflowId(job.id)).terminate();
    const [head] = await jobs.admin<{ owner: string; fence: number }>('select owner, fence from job where id = $1', [
      job.id,
    ]);
    const undo = () =>
      jobs.client.workflow.execute(compensateJob.workflowType, {
        workflowId: compensateWorkflowId(job.id),
        workflowIdConflictPolicy: 'USE_EXISTING',
        taskQueue: ORCHESTRATOR_TASK_QUEUE,
        args: [{ ...refOf(job.id), ...head, cause: { target: 'failed', failure: { code: 'internal' } } }],
      });
    expect(await Promise.all([undo(), undo()])).toEqual([{ state: 'failed' }, { state: 'failed' }]);
    expect(await undo()).toEqual({ state: 'superseded' });
    await expect(late?.()).rejects.toThrow('the page is not open');
    expect((await jobs.cells()).every(({ status, value }) => status === 'blank' && value === null)).toBe(true);
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 0 });
    expect(await billing.account(jobs.workspaceId)).toMatchObject({ available: 1_000, held: 0 });
  });

  test('whose workflow at a team was terminated is undone, and says that somebody ended it from outside', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 1 });
    await jobs.startWorkers();
    let begun = false;
    jobs.behave = () => ((begun = true), hang());
    const job = await jobs.accept();
    await waitUntil(() => begun, { what: 'the page to be with the team' });
    const page = pageWorkflowId('enrich', { jobId: job.id, pageNo: 0, stepNo: 0 });
    await jobs.client.workflow.getHandle(page).terminate();
    const { state, failure } = await jobs.final(job.id);
    expect({ state, failure }).toEqual({
      state: 'failed',
      failure: {
        code: 'workflow_terminated',
        message: expect.stringContaining("ended a team's workflow of this job from outside"),
      },
    });
    expect(await books(job.id)).toMatchObject({ ...CLOSED, capturedCells: 0 });
  });

  test('runs a segment of its pages as a child of its own and opens no other page', async () => {
    jobs = await runningJobs(side, billing, { rows: 700, columns: 1 });
    const by = await jobs.holding();
    await openPage(jobs.database, by, 0);
    await jobs.startWorkers();
    const { workspaceId, jobId, fence } = by;
    const segment = await jobs.client.workflow.execute(fillSegment.workflowType, {
      workflowId: `job:${jobId}:segment:1`,
      taskQueue: ORCHESTRATOR_TASK_QUEUE,
      args: [{ workspaceId, jobId, fence, stageNo: 0, fromPage: 1, toPage: 3 }],
    });
    expect(segment).toEqual({ pages: 2 });
    const pages = await jobs.admin('select page_no, state, cells from job_page order by page_no');
    expect(pages).toEqual([
      { page_no: 0, state: 'open', cells: 20 },
      { page_no: 1, state: 'captured', cells: 500 },
      { page_no: 2, state: 'captured', cells: 180 },
    ]);
    expect(await jobs.undo(by)).toBe('failed');
  });
});
