import { ApplicationFailure } from '@temporalio/common';
import { PAGE_FAILED_FAILURE } from '@uno/workflow-contracts';
import type { FillPageInput, FillPageResult, JobRef, RevertPageInput } from '@uno/workflow-contracts';
import { waitUntil } from '@uno/testing';
import { expect } from '@jest/globals';
import { readBooks } from '../src/jobs/books.js';
import type { JobView } from '../src/jobs/job-request.js';
import { steerJob } from '../src/jobs/steer-job.js';
import type { Action } from '../src/jobs/steer-job.js';
import type { BillingProcess } from './billing-process.js';
import { writingService } from './effects-fixture.js';
import type { WritingService } from './effects-fixture.js';
import { runningJobs } from './workflow-fixture.js';
import type { RunningJobs, TemporalSide } from './workflow-fixture.js';

/** Jobs over thirty rows, on pages of 20 and of 10, whose team writes each row at its provider. */
export interface WritingJobs extends RunningJobs {
  readonly crm: WritingService;
  /** What the team's worker does with a page: writes it; and on the second one, once the first is paid, fails the job. */
  readonly write: (input: FillPageInput) => Promise<FillPageResult>;
  readonly failOnSecond: (input: FillPageInput) => Promise<FillPageResult>;
  readonly takeBack: RunningJobs['revert'];
  steer(jobId: string, action: Action): Promise<void>;
  isIn(jobId: string, state: JobView['state']): Promise<unknown>;
  /** What the workflow of that id answered. */
  outcome(workflowId: string): Promise<unknown>;
  /** The provider, the cells, the credits and what is shown are as before the job. */
  expectUndone(jobId: string): Promise<void>;
}

export const hang = (): Promise<never> => new Promise(() => undefined);

export const pageFailed = (
  code: string,
  { pageNo: page, stepNo: step }: RevertPageInput,
  errorId?: string,
): ApplicationFailure =>
  ApplicationFailure.nonRetryable('The page cannot go on', PAGE_FAILED_FAILURE, {
    ...{ code, service: 'enrich', page, step },
    ...(errorId !== undefined && { errorId }),
  });

export async function writingJobs(
  side: TemporalSide,
  billing: BillingProcess,
  { startWorkers = true, revertBudgetSeconds = 900 } = {},
): Promise<WritingJobs> {
  const jobs = await runningJobs(side, billing, { rows: 30, columns: 1, revertBudgetSeconds });
  const crm = writingService(jobs);
  crm.records.set('Company 1', { industry: 'Old' });
  const refOf = (jobId: string): JobRef => ({ workspaceId: jobs.workspaceId, jobId });
  const fence = ({ jobId, fence: no }: RevertPageInput) => ({ ...refOf(jobId), fence: no });
  const write: WritingJobs['write'] = async (input) => {
    const filled = await crm.write(fence(input), input.pageNo);
    return { filled, notFound: 0, error: 0, skipped: 0 };
  };
  const takeBack: WritingJobs['takeBack'] = (input) => crm.revert(fence(input), input.pageNo);
  jobs.revert = takeBack;
  if (startWorkers) await jobs.startWorkers();
  return Object.assign(jobs, {
    ...{ crm, write, takeBack },
    failOnSecond: async (input: FillPageInput) => {
      const counts = await write(input);
      if (input.pageNo === 0) return counts;
      await waitUntil(async () => (await jobs.view(input.jobId)).credits.captured > 0, { what: 'a paid page' });
      throw pageFailed('provider_down', input);
    },
    steer: (jobId: string, action: Action) =>
      jobs.database.inWorkspace(jobs.workspaceId, (sql) => steerJob(sql, refOf(jobId), { action, actor: 'key_test' })),
    isIn: (jobId: string, state: JobView['state']) =>
      waitUntil(async () => (await jobs.view(jobId)).state === state, {
        what: `job to be ${state}`,
        timeoutMs: 40_000,
      }),
    outcome: (workflowId: string): Promise<unknown> => jobs.client.workflow.getHandle(workflowId).result(),
    expectUndone: async (jobId: string) => {
      expect([...crm.records]).toEqual([['Company 1', { industry: 'Old' }]]);
      expect(crm.calls.filter((call) => call.startsWith('revert'))).toHaveLength(30);
      expect((await jobs.cells()).every(({ status, value }) => status === 'blank' && value === null)).toBe(true);
      const { reverts, finishedAt } = await jobs.view(jobId);
      expect(reverts).toEqual({ records: 30, reverted: 30, changedMeanwhile: 0, open: 0 });
      expect(finishedAt).toBeDefined();
      expect(await readBooks(jobs.database, billing.client, refOf(jobId))).toMatchObject({
        ...{ closed: true, openHolds: 0, pendingCells: 0, capturedCells: 0, differences: [] },
      });
    },
  });
}
