import { Injectable } from '@nestjs/common';
import { WorkflowNotFoundError } from '@temporalio/client';
import { compensateWorkflowId, jobWorkflowId } from '@uno/workflow-contracts';
import { TemporalClient } from '../outbox/temporal-client.js';

const CALL_TIMEOUT_MS = 3_000;

/** Statuses after which a run does nothing any more. */
const CLOSED: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'CONTINUED_AS_NEW', 'TIMED_OUT'];

export interface WorkflowPresence {
  readonly running: boolean;
  /** When the last of them closed; undefined where the server knows none. */
  readonly closedAt?: Date;
}

/** Temporal did not answer: nothing is known of any workflow. */
export class TemporalUnavailable extends Error {}

/** Asks Temporal for the workflows of a job, by id: exact, where a list query would be late. */
@Injectable()
export class WorkflowProbe {
  constructor(private readonly temporal: TemporalClient) {}

  /** The job's own workflow and its compensation from outside. */
  async ofJob(jobId: string): Promise<WorkflowPresence> {
    const own = await this.#describe(jobWorkflowId(jobId));
    // Nearly every job that is asked about runs by itself.
    if (own.running) return own;
    const outside = await this.#describe(compensateWorkflowId(jobId));
    const closed = [own, outside].flatMap(({ closedAt }) => closedAt?.getTime() ?? []);
    return { running: outside.running, ...(closed.length > 0 && { closedAt: new Date(Math.max(...closed)) }) };
  }

  async #describe(workflowId: string): Promise<WorkflowPresence> {
    const { client } = this.temporal;
    try {
      const { status, closeTime } = await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
        client.workflow.getHandle(workflowId).describe(),
      );
      return { running: !CLOSED.includes(status.name), ...(closeTime && { closedAt: closeTime }) };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { running: false };
      throw new TemporalUnavailable('Temporal did not answer');
    }
  }
}
