import { z } from 'zod';
import { defineContract } from './define-contract.js';
import { pageAddress } from './fill-page.contract.js';

/**
 * Inverse of {@link fillPage} at the provider, for services with the capability `revert`.
 * Idempotent: reads only the effect journal; what somebody changed meanwhile is reported, never overwritten.
 */
export const revertPage = defineContract({
  workflowType: 'revertPageWorkflow',
  version: 1,
  input: pageAddress,
  result: z.object({
    reverted: z.number().int().nonnegative(),
    changedMeanwhile: z.number().int().nonnegative(),
  }),
});
export type RevertPageInput = z.infer<typeof revertPage.input>;
export type RevertPageResult = z.infer<typeof revertPage.result>;
