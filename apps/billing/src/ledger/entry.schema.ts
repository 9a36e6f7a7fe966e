import { z } from 'zod';

/** Paging of the ledger: newest first, at most 1,000 lines at a time; the cursor comes from the page before. */
export const entriesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the nextCursor of the page before')
    .optional(),
});
export type EntriesQuery = z.infer<typeof entriesQuery>;

/** A line of the ledger as callers see it; members that do not apply are absent. Amounts are credits, `at` is ISO 8601. */
export interface EntryView {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly amount: number;
  readonly reference?: string;
  readonly jobId?: string;
  readonly pageNo?: number;
  readonly columnId?: string;
  readonly captureId?: string;
  readonly holdId?: string;
  readonly note?: string;
}

export interface EntryPage {
  readonly items: readonly EntryView[];
  readonly nextCursor: string | null;
}
