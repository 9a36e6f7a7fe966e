import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import { ORCHESTRATOR_TASK_QUEUE, fillJob, fillSegment, segmentWorkflowId } from '@uno/workflow-contracts';
import type { JobOutcome } from '@uno/workflow-contracts';
import { executeContract, parseInput, runSaga } from '@uno/workflow-contracts/workflow';
import type { Fence, StageOutline } from '../activities/job.activities.js';
import { failOnAbsentService } from './absent-service.js';
import { fillPages } from './fill-pages.js';
import { segmentsOf } from './segments.js';
import { beginJob, completeJob, finishJob, holdCredits, releaseHold } from './steps.js';
import { JobUndo, causeOf } from './undo-job.js';
import type { UndoPhase } from './undo-job.js';

/** One job, from hold to closed books. Whatever happens, it ends with nothing held, nothing pending, and paid for what stayed filled. */
export async function fillJobWorkflow(raw: unknown): Promise<JobOutcome> {
  const ref = parseInput(fillJob, raw);
  const { runId } = workflowInfo();
  // A cancel may be there before the first step. The job has to begin all the same, so that it can end as cancelled.
  const begun = await CancellationScope.nonCancellable(() => beginJob({ ...ref, runId }));
  if (!begun) return { state: 'superseded' };
  const { owner, fence, stages } = begun;
  const job: Fence = { ...ref, owner, fence };
  const undo = new JobUndo(job);
  const unlessServiceIsAbsent = failOnAbsentService();

  return runSaga<UndoPhase, JobOutcome>({
    run: async (saga) => {
      saga.register('releaseHold', undo.releaseHold);
      await holdCredits(job);

      saga.register('restorePages', undo.restorePages);
      saga.register('refundCaptures', undo.refundCaptures);
      saga.register('revertEffects', undo.revertEffects);
      for (const stage of stages) await unlessServiceIsAbsent(() => fillStage(job, stage));

      await completeJob(job);
      await releaseHold(job);
      return { state: await finishJob(job) };
    },
    undo: (saga, error) => undo.run(saga, causeOf(error)),
    superseded: () => ({ state: 'superseded' }),
  });
}

/** Runs a stage's pages here, or in segments one after another where they would make this history too long. */
async function fillStage(job: Fence, stage: StageOutline): Promise<void> {
  const segments = segmentsOf(stage);
  const [only] = segments;
  if (segments.length === 1 && only) return fillPages(job, stage, only.fromPage, only.toPage);
  for (const { segment, fromPage, toPage } of segments) {
    const { workspaceId, jobId, fence } = job;
    await executeContract(fillSegment, {
      taskQueue: ORCHESTRATOR_TASK_QUEUE,
      workflowId: segmentWorkflowId(jobId, segment),
      input: { workspaceId, jobId, fence, stageNo: stage.stageNo, fromPage, toPage },
    });
  }
}
