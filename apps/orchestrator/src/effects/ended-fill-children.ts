import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { pageWorkflowId } from '@uno/workflow-contracts';
import { mapConcurrently } from '../laws/map-concurrently.js';
import type { StepToRevert } from './steps-to-revert.js';

/** No call to a provider takes longer: what a step still had in flight at the fence has arrived by then, or never will. */
export const PROVIDER_TIMEOUT_SECONDS = 60;

const LOOK_EVERY_MS = 250;
const LOOKS_AT_A_TIME = 8;
const CALL_TIMEOUT_MS = 3_000;

/** These end when their activity has ended. What was terminated, timed out or lost may have left one running. */
const ENDED: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED'];

/**
 * Waits until no step of them can still write at its provider: its fill child has ended, or {@link PROVIDER_TIMEOUT_SECONDS}
 * have passed since the job was fenced (rule R7). Without it a write in flight would land behind its own revert.
 * @throws when Temporal does not answer
 */
export async function awaitEndOfFills(
  client: Client,
  jobId: string,
  { steps, undoBeganAt }: { readonly steps: readonly StepToRevert[]; readonly undoBeganAt: Date },
): Promise<void> {
  const until = undoBeganAt.getTime() + PROVIDER_TIMEOUT_SECONDS * 1_000;
  for (let open = steps; open.length > 0 && Date.now() < until;) {
    const ended = await mapConcurrently(open, LOOKS_AT_A_TIME, (step) => hasEnded(client, jobId, step));
    open = open.filter((_, index) => !ended[index]);
    if (open.length > 0) await sleep(LOOK_EVERY_MS);
  }
}

/** Whether every fill child of the step has ended: a second one has the next suffix (after a reset of the job). */
async function hasEnded(client: Client, jobId: string, { service, pageNo, stepNo }: StepToRevert): Promise<boolean> {
  const id = pageWorkflowId(service, { jobId, pageNo, stepNo });
  for (let attempt = 1; ; attempt += 1) {
    const status = await statusOf(client, attempt === 1 ? id : `${id}:${attempt}`);
    if (status === undefined) return attempt > 1;
    if (!ENDED.includes(status)) return false;
  }
}

async function statusOf(client: Client, workflowId: string): Promise<string | undefined> {
  try {
    const { status } = await client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    return status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
