import { z } from 'zod';
import { credits, text, ttlSeconds } from '../http/request.schema.js';

export const holdPath = z.object({ holdId: text });
export type HoldPath = z.infer<typeof holdPath>;

export const holdBody = z.object({ amount: credits, reference: text, ttlSeconds });
export type HoldBody = z.infer<typeof holdBody>;

export const closeBody = z.object({ reference: text });
export type CloseBody = z.infer<typeof closeBody>;

export const renewBody = z.object({ ttlSeconds });
export type RenewBody = z.infer<typeof renewBody>;

/** Paging of holds and their captures: `limit` counts captures, each of which has up to 10,000 cell versions. */
export const holdsQuery = z.object({
  reference: text,
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z
    .string()
    .regex(/^hold_[0-9A-Z]{26}(\.capture_[0-9A-Z]{26})?$/, 'must be the nextCursor of the page before')
    .optional(),
});
export type HoldsQuery = z.infer<typeof holdsQuery>;

/** `open` until a close by reference (`released`) or its time (`expired`) ends it, once. */
export type HoldState = 'open' | 'released' | 'expired';

/** A hold; amounts are credits, and of an ended one captured + released + expired = amount. `expiresAt` is ISO 8601. */
export interface HoldView {
  readonly id: string;
  readonly accountId: string;
  readonly reference: string;
  readonly amount: number;
  readonly captured: number;
  readonly released: number;
  readonly expired: number;
  readonly state: HoldState;
  readonly expiresAt: string;
}

/** What a close says, the first time and ever after: `released` is the sum over all holds of the reference. */
export interface CloseView {
  readonly reference: string;
  readonly released: number;
  readonly holds: readonly HoldView[];
}

/** A hold with what was captured from it, or the part of it that fits a page. Refunded captures stay listed and are flagged. */
export interface HoldWithCaptures extends HoldView {
  readonly captures: readonly {
    readonly id: string;
    readonly amount: number;
    readonly refunded: boolean;
    readonly cellVersionIds: readonly string[];
  }[];
}

export interface HoldsPage {
  readonly items: readonly HoldWithCaptures[];
  readonly nextCursor: string | null;
}
