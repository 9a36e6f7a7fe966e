import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { SERVICE_ABSENT_SIGNAL, jobWorkflowId } from '@uno/workflow-contracts';
import type { AbsentStep } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import type { Duty } from '../reconciler/duty.js';
import { ONLINE_FOR_SECONDS } from '../services/services.service.js';

/** Jobs told by one run; the rest are told by the next. */
const JOBS_PER_RUN = 100;
const CALL_TIMEOUT_MS = 3_000;

/**
 * Tells each running job of a step that its team did not open for longer than the team may be absent (`absentAfter` of the
 * service); the job fails that page and is undone without waiting for the team. Told again by each run until the job is no
 * longer running; its workflow heeds the first. A job without a workflow is not its business.
 * @returns how many jobs were told
 */
export async function signalAbsentServices(database: Database, client: Client): Promise<number> {
  const steps = await database.acrossWorkspaces<AbsentStep & { jobId: string }>(
    `select job_id as "jobId", page_no as page, step_no as step, service_id as service from absent_steps($1, $2)`,
    [ONLINE_FOR_SECONDS, JOBS_PER_RUN],
  );
  let told = 0;
  for (const { jobId, ...step } of steps) {
    try {
      await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
        client.workflow.getHandle(jobWorkflowId(jobId)).signal(SERVICE_ABSENT_SIGNAL, step),
      );
      told += 1;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return told;
}

/**
 * The absence of services as a duty of the reconciler. A process that began less than a minute ago judges nobody: where all
 * of them were off together, the teams are only starting too.
 */
export function absentServicesDuty(database: Database, client: Client): Duty {
  const beganAt = performance.now();
  return {
    name: 'absent-services',
    run: async () =>
      performance.now() - beganAt < ONLINE_FOR_SECONDS * 1_000 ? 0 : signalAbsentServices(database, client),
  };
}
