import { z } from 'zod';
import { MAX_CREDITS_PER_REQUEST, storableText, text } from '../http/request.schema.js';

export const accountPath = z.object({ accountId: text });
export type AccountPath = z.infer<typeof accountPath>;

export const grantBody = z.object({
  amount: z.int().min(1).max(MAX_CREDITS_PER_REQUEST),
  note: storableText.max(500).optional(),
});
export type GrantBody = z.infer<typeof grantBody>;

/** Balances in credits: granted = available + held + spent. */
export interface AccountView {
  readonly id: string;
  readonly granted: number;
  readonly available: number;
  readonly held: number;
  readonly spent: number;
}
