import { ApplicationFailure, TemporalFailure, TimeoutFailure } from '@temporalio/workflow';
import { PAGE_FAILED_FAILURE, revertPage, revertWorkflowId } from '@uno/workflow-contracts';
import type { PageFailureDetail } from '@uno/workflow-contracts';
import { executeContract, findApplicationFailure } from '@uno/workflow-contracts/workflow';
import type { Fence, RevertRefusal } from '../activities/job.activities.js';
import type { DueReverts, StepToRevert } from '../activities/revert.activities.js';

const REVERTS_AT_A_TIME = 4;
/** A service that refused so many steps is left alone until the next try: one bad page must not stand in the way of others. */
const REFUSALS_PER_SERVICE = 3;

/**
 * Has the teams take back what steps wrote at their providers, a few at a time. A step that is refused, or that does not end
 * within the budget, is left for the next try and does not stop the others.
 * @returns why the first of them was refused; undefined when all were taken back
 */
export async function revertSteps(by: Fence, { steps, budgetSeconds }: DueReverts): Promise<RevertRefusal | undefined> {
  const waiting = [...steps];
  const refusals: RevertRefusal[] = [];
  const isLeftAlone = ({ service }: StepToRevert): boolean =>
    refusals.filter((refusal) => refusal.service === service).length >= REFUSALS_PER_SERVICE;
  const lane = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      if (isLeftAlone(step)) continue;
      const { pageNo, stepNo, service, taskQueue } = step;
      const address = { jobId: by.jobId, pageNo, stepNo };
      try {
        await executeContract(revertPage, {
          taskQueue,
          workflowId: revertWorkflowId(service, address),
          input: { ...address, fence: by.fence },
          endsWithinSeconds: budgetSeconds,
        });
      } catch (error) {
        if (!(error instanceof TemporalFailure)) throw error;
        refusals.push(refusalOf(error, step));
      }
    }
  };
  await Promise.all(Array.from({ length: REVERTS_AT_A_TIME }, lane));
  return refusals[0];
}

function refusalOf(error: TemporalFailure, { pageNo: page, stepNo: step, service }: StepToRevert): RevertRefusal {
  const where = { service, page, step };
  const detail = findApplicationFailure(error, PAGE_FAILED_FAILURE)?.details?.[0] as PageFailureDetail | undefined;
  if (detail) return { code: detail.code, ...where, ...(detail.errorId !== undefined && { errorId: detail.errorId }) };
  if (error.cause instanceof TimeoutFailure) return { code: 'revert_timed_out', ...where };
  return { code: error.cause instanceof ApplicationFailure ? 'revert_refused' : 'revert_ended', ...where };
}
