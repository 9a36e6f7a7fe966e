import { z } from 'zod';
import type { BilledAccount } from '../billing/billing.client.js';
import type { CellView, RowView } from '../lists/row.schema.js';
import type { JobView } from '../jobs/job-request.js';
import { id } from '../openapi/paging.schema.js';

/** Largest window of rows that one client may watch. */
export const MAX_WINDOW_ROWS = 500;

const rowWindow = z.object({
  from: z.number().int().min(0),
  count: z.number().int().min(0).max(MAX_WINDOW_ROWS),
});

export const subscribeMessage = z.object({
  listId: id,
  fromSeq: z.number().int().min(0).optional(),
  window: rowWindow.default({ from: 0, count: 0 }),
});
export const windowMessage = z.object({ listId: id, ...rowWindow.shape });
export const unsubscribeMessage = z.object({ listId: id });

/** Rows by position, counted over the rows that are not deleted, from 0. */
export type RowWindow = z.infer<typeof rowWindow>;

export type LiveRow = Pick<RowView, 'id' | 'position' | 'entity'>;
export type LiveCell = CellView & { readonly rowId: string; readonly columnId: string };
export type Credits = Pick<BilledAccount, 'granted' | 'available' | 'held' | 'spent'>;

/**
 * What changed since the sequence before it; values are those of the moment of `seq`, or newer. More than about a MiB of cells
 * comes in several messages, of which the last alone moves `seq` on and tells of jobs.
 */
export interface LiveDelta {
  readonly listId: string;
  readonly seq: number;
  readonly cells: readonly LiveCell[];
  readonly jobs: readonly JobView[];
  readonly credits?: Credits;
}

/** A delta since the sequence that a returning client had seen. */
export interface LiveReplay extends LiveDelta {
  readonly fromSeq: number;
}

/**
 * The whole window as it was at `seq`; replaces all that the client knew. Rows of more than 8 MiB together are cut off: who wants
 * the others asks for a window that begins with them.
 */
export interface LiveSnapshot extends LiveDelta {
  readonly window: RowWindow;
  readonly rowCount: number;
  readonly rows: readonly LiveRow[];
  /** Rows or columns have changed: what else was fetched of the list's structure must be fetched again. */
  readonly structure?: true;
}

export interface LiveGap {
  readonly listId: string;
  readonly reason: 'list_deleted';
}
