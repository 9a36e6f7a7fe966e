import { z } from 'zod';
import { defineContract } from '../define-contract.js';

/** Id of the Temporal Schedule that starts a tick of the reconciler, and of the workflows that it starts (with a time behind). */
export const RECONCILE_SCHEDULE_ID = 'reconcile';

/** One tick of the reconciler: how much each duty did. A duty that failed is absent; the next tick tries it again. */
export const reconcile = defineContract({
  workflowType: 'reconcileWorkflow',
  version: 1,
  input: z.object({}),
  result: z.object({ done: z.record(z.string(), z.number().int().nonnegative()) }),
});
