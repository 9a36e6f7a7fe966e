import { z } from 'zod';
import { cursorOf, text } from '../http/request.schema.js';

/** Entries in the order in which they were committed, from the one after `after` on. */
export const ledgerQuery = z.object({
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the id of an entry')
    .default('0'),
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
});
export type LedgerQuery = z.infer<typeof ledgerQuery>;

export const referencePath = z.object({ accountId: text, reference: text });
export type ReferencePath = z.infer<typeof referencePath>;

/** Captures by id, from the one after `after` on. A capture has up to 10,000 lines, so few make a page. */
export const capturesQuery = z.object({
  after: cursorOf('capture').optional(),
  limit: z.coerce.number().int().min(1).max(50).default(5),
});
export type CapturesQuery = z.infer<typeof capturesQuery>;

/** Open holds by id, of all accounts or of one, that are at least so old. */
export const openHoldsQuery = z.object({
  state: z.literal('open'),
  accountId: text.optional(),
  olderThanSeconds: z.coerce
    .number()
    .int()
    .min(0)
    .max(31 * 24 * 3600)
    .default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: cursorOf('hold').optional(),
});
export type OpenHoldsQuery = z.infer<typeof openHoldsQuery>;

/**
 * A line of the ledger as it is stored. `reference` is what the line itself says and `holdReference` what its hold says; null
 * where it says nothing, or where there is no such hold. `keys`: the idempotency keys whose answer names a grant.
 */
export interface AuditEntry {
  readonly id: string;
  readonly kind: string;
  readonly amount: number;
  readonly reference: string | null;
  readonly holdId: string | null;
  readonly holdReference: string | null;
  readonly captureId: string | null;
  readonly postings: readonly { readonly bucket: string; readonly amount: number }[];
  readonly keys: readonly string[];
}

/**
 * A page of the ledger and the account in one snapshot: where `nextCursor` is null, the balances are those after the last
 * entry. `openHolds` is what its open holds have left.
 */
export interface LedgerPage {
  readonly account: {
    readonly granted: number;
    readonly available: number;
    readonly held: number;
    readonly spent: number;
    readonly openHolds: number;
  };
  readonly items: readonly AuditEntry[];
  readonly nextCursor: string | null;
}

/** The holds of a reference, each with what the ledger says of it and the keys whose answers name it. */
export interface ReferenceAudit {
  readonly closedAt: string | null;
  readonly holds: readonly {
    readonly id: string;
    readonly amount: number;
    readonly captured: number;
    readonly released: number;
    readonly expired: number;
    readonly state: string;
    readonly keys: readonly string[];
    /** Credits that the ledger posted for the hold, by kind of entry. */
    readonly posted: Readonly<Record<string, number>>;
    /** Entries that ended the hold. */
    readonly endings: number;
  }[];
}

/** A capture with its lines and refunds. `afterClose`: made after its reference was closed. */
export interface CaptureAudit {
  readonly id: string;
  readonly holdId: string;
  readonly amount: number;
  readonly afterClose: boolean;
  readonly keys: readonly string[];
  readonly posted: Readonly<Record<string, number>>;
  readonly refunds: readonly { readonly id: string; readonly amount: number; readonly keys: readonly string[] }[];
  readonly lines: readonly { readonly cellVersionId: string; readonly amount: number }[];
}

export interface CapturePage {
  readonly items: readonly CaptureAudit[];
  readonly nextCursor: string | null;
}

export interface OpenHold {
  readonly id: string;
  readonly accountId: string;
  readonly reference: string;
  readonly amount: number;
  readonly captured: number;
  readonly ageSeconds: number;
}

export interface OpenHoldPage {
  readonly items: readonly OpenHold[];
  readonly nextCursor: string | null;
}
