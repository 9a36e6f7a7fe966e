import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { SERVICE_ABSENT_SIGNAL, jobWorkflowId } from '@uno/workflow-contracts';
import type { AbsentStep } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import { ONLINE_FOR_SECONDS } from '../services/services.service.js';

/** Jobs told by one run; the rest are told by the next. */
const JOBS_PER_RUN = 100;
const CALL_TIMEOUT_MS = 3_000;

/**
 * Tells each running job of a step that its team did not open for longer than the team may be absent (`absentAfter` of the
 * service); the job fails that page and is undone without waiting for the team. Told again by each run until the job is no
 * longer running; its workflow heeds the first. A job without a workflow is not its business.
 * @returns how many jobs were told
 * @throws the first failure, when all others were told
 */
export async function signalAbsentServices(database: Database, client: Client): Promise<number> {
  const steps = await database.acrossWorkspaces<AbsentStep & { jobId: string }>(
    `select job_id as "jobId", page_no as page, step_no as step, service_id as service from absent_steps($1, $2)`,
    [ONLINE_FOR_SECONDS, JOBS_PER_RUN],
  );
  const tells = await Promise.allSettled(
    steps.map(({ jobId, ...step }) =>
      client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
        client.workflow.getHandle(jobWorkflowId(jobId)).signal(SERVICE_ABSENT_SIGNAL, step),
      ),
    ),
  );
  const failure = tells.find(
    (each) => each.status === 'rejected' && !(each.reason instanceof WorkflowNotFoundError),
  ) as PromiseRejectedResult | undefined;
  if (failure) throw failure.reason;
  return tells.filter(({ status }) => status === 'fulfilled').length;
}
