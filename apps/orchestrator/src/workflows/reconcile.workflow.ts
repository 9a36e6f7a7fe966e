import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import { reconcile } from '@uno/workflow-contracts';
import type { ResultOf } from '@uno/workflow-contracts';
import { parseInput } from '@uno/workflow-contracts/workflow';
import type { ReconcileActivities } from '../activities/reconcile.activities.js';

/** A tick that fails is left to the next one, which is due in seconds. */
const { reconcileTick } = proxyActivities<ReconcileActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 3 },
});

/** One tick of the reconciler, started by its schedule: one activity, so that its history stays as short as can be. */
export async function reconcileWorkflow(raw: unknown): Promise<ResultOf<typeof reconcile>> {
  parseInput(reconcile, raw);
  return { done: await reconcileTick({ tick: workflowInfo().runId }) };
}
