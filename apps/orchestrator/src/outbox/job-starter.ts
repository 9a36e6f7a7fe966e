import { Injectable } from '@nestjs/common';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import {
  ORCHESTRATOR_TASK_QUEUE,
  compensateJob,
  compensateWorkflowId,
  fillJob,
  jobWorkflowId,
} from '@uno/workflow-contracts';
import type { CompensationCause, JobRef } from '@uno/workflow-contracts';
import { TemporalClient } from './temporal-client.js';

/** Shorter than the lease of an outbox row, so that one relay at a time works on it. */
const CALL_TIMEOUT_MS = 3_000;

/** Small jobs go before large ones: 1 is the highest priority, one step lower for each factor of ten above 100 cells. */
function priorityOf(cells: number): number {
  return Math.min(5, 1 + Math.max(0, Math.floor(Math.log10(Math.max(cells, 1))) - 1));
}

/** Starts and cancels job workflows. Both are idempotent: a workflow id is used once, and a cancel request is a flag. */
@Injectable()
export class JobStarter {
  constructor(private readonly temporal: TemporalClient) {}

  /** @throws when Temporal does not answer; the relay tries again */
  async start(job: JobRef, cells: number): Promise<void> {
    const { client } = this.temporal;
    try {
      await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
        client.workflow.start(fillJob.workflowType, {
          workflowId: jobWorkflowId(job.jobId),
          taskQueue: ORCHESTRATOR_TASK_QUEUE,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          args: [job],
          priority: { priorityKey: priorityOf(cells), fairnessKey: job.workspaceId },
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  /**
   * Undoes a job whose workflow is gone. It takes over by compare-and-set from the owner and fence that were read, so it does
   * nothing when somebody else has the job.
   */
  async compensate(
    job: JobRef,
    from: { readonly owner: string | null; readonly fence: number },
    cause: CompensationCause,
  ): Promise<void> {
    const { client } = this.temporal;
    await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      client.workflow.start(compensateJob.workflowType, {
        workflowId: compensateWorkflowId(job.jobId),
        taskQueue: ORCHESTRATOR_TASK_QUEUE,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [{ ...job, ...from, cause }],
      }),
    );
  }

  /**
   * Asks the workflow to cancel.
   * @returns false when there is none that could: not yet, or not any more
   */
  async cancel(jobId: string): Promise<boolean> {
    const { client } = this.temporal;
    const handle = client.workflow.getHandle(jobWorkflowId(jobId));
    try {
      return await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, async () => {
        // The server takes the cancel of a closed workflow without a word, so its status is asked first.
        if ((await handle.describe()).status.name !== 'RUNNING') return false;
        await handle.cancel();
        return true;
      });
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }
}
