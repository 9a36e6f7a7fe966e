import { Injectable } from '@nestjs/common';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { ORCHESTRATOR_TASK_QUEUE, fillJob, jobWorkflowId } from '@uno/workflow-contracts';
import type { JobRef } from '@uno/workflow-contracts';
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

  /** Asks the workflow to cancel; one that is not there (yet, or any more) is not an error. */
  async cancel(jobId: string): Promise<void> {
    const { client } = this.temporal;
    try {
      await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
        client.workflow.getHandle(jobWorkflowId(jobId)).cancel(),
      );
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}
