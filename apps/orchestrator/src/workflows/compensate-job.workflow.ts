import { ApplicationFailure } from '@temporalio/workflow';
import { compensateJob } from '@uno/workflow-contracts';
import type { JobOutcome } from '@uno/workflow-contracts';
import { parseInput, runSaga } from '@uno/workflow-contracts/workflow';
import type { Fence } from '../activities/job.activities.js';
import { JobUndo } from './undo-job.js';
import type { UndoPhase } from './undo-job.js';

/** The undo of a job from outside, for one whose workflow is gone or whose undo is parked: the same compensations, all of them. */
export async function compensateJobWorkflow(raw: unknown): Promise<JobOutcome> {
  const { workspaceId, jobId, owner, fence, cause } = parseInput(compensateJob, raw);
  const job: Fence = { workspaceId, jobId, fence, ...(owner !== null && { owner }) };
  const undo = new JobUndo(job);
  return runSaga<UndoPhase, JobOutcome>({
    run: async (saga) => {
      saga.register('releaseHold', undo.releaseHold);
      saga.register('restorePages', undo.restorePages);
      saga.register('refundCaptures', undo.refundCaptures);
      saga.register('revertEffects', undo.revertEffects);
      throw ApplicationFailure.nonRetryable('The job is undone from outside', 'UndoneFromOutside');
    },
    undo: (saga) => undo.run(saga, cause),
    superseded: () => ({ state: 'superseded' }),
  });
}
