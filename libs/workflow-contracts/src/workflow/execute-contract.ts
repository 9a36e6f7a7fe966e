import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  executeChild,
} from '@temporalio/workflow';
import type { AnyContract, InputOf, ResultOf } from '../define-contract.js';
import { parseResult } from './parse-input.js';

export interface ExecuteContractOptions<C extends AnyContract> {
  readonly taskQueue: string;
  readonly workflowId: string;
  readonly input: InputOf<C>;
  /** The server ends the child after so long, whatever its worker does: for work that is tried again later. */
  readonly endsWithinSeconds?: number;
}

/**
 * Runs a child workflow by its contract on the owning team's queue and parses its answer.
 *
 * Cancelling the caller asks the child to stop and returns at once: an undo must never wait for a team whose workers are
 * down (of the SDK's ways to cancel, only TRY_CANCEL does not wait; WAIT_CANCELLATION_REQUESTED does, whatever its name
 * says: seen with SDK 1.24). The end alone is awaited, never the start: of a child that is cancelled before it has started
 * the start is never told. The child is cancelled, not terminated, when the parent closes. A closed child of the same id runs again (it gets
 * the rows still open); one that still runs (after a reset) is left alone and the next suffix is taken, because
 * "already started" is a TemporalFailure and would otherwise undo the job.
 */
export async function executeContract<C extends AnyContract>(
  contract: C,
  { taskQueue, workflowId, input, endsWithinSeconds }: ExecuteContractOptions<C>,
): Promise<ResultOf<C>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result: unknown = await executeChild(contract.workflowType, {
        args: [input],
        taskQueue,
        ...(endsWithinSeconds !== undefined && { workflowExecutionTimeout: endsWithinSeconds * 1_000 }),
        workflowId: attempt === 1 ? workflowId : `${workflowId}:${attempt}`,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        cancellationType: ChildWorkflowCancellationType.TRY_CANCEL,
      });
      return parseResult(contract, result);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
}
