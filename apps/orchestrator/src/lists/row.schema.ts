import { z } from 'zod';
import { jsonView } from '../openapi/json.schema.js';
import { cursorLike, id, limit } from '../openapi/paging.schema.js';
import { MAX_ATTRIBUTES_PER_LIST, attributeName } from './list.schema.js';

export const MAX_ROWS_PER_REQUEST = 1_000;
export const MAX_ATTRIBUTE_BYTES = 64 * 1024;

const attributeText = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= MAX_ATTRIBUTE_BYTES, 'is longer than 64 KiB');
const attributeValue = z.union([attributeText, z.number(), z.boolean(), z.null()]);

/** What is known about a company or contact: attribute name to value. Null leaves an attribute out. */
export const entity = z
  .record(attributeName, attributeValue)
  .refine((attributes) => Object.keys(attributes).length <= MAX_ATTRIBUTES_PER_LIST, 'has more than 256 attributes')
  .meta({ id: 'Entity' });
export type Entity = z.infer<typeof entity>;

export const newRows = z.strictObject({ rows: z.array(z.strictObject({ entity })).min(1).max(MAX_ROWS_PER_REQUEST) });
export type NewRows = z.infer<typeof newRows>;

export const rowChange = z.strictObject({ entity });
export type RowChange = z.infer<typeof rowChange>;

export const rowPath = z.object({ listId: id, rowId: id });
export type RowPath = z.infer<typeof rowPath>;

export const cellStatus = z.enum(['blank', 'pending', 'filled', 'not_found', 'error', 'skipped', 'awaiting_approval']);
export type CellStatus = z.infer<typeof cellStatus>;

export const cellReason = z.object({ code: z.string(), message: z.string() }).meta({ id: 'CellReason' });
export type CellReason = z.infer<typeof cellReason>;

/** A cell as the grid shows it. While pending, `value` is the former one. */
export const cellView = z
  .object({
    status: cellStatus,
    value: jsonView,
    stale: z
      .boolean()
      .describe(
        'The row, or a cell that the column names, was changed after the value was made from it. A named cell that is only ' +
          'stale itself, and a new config, do not count',
      ),
    version: z.int().nullable(),
    edited: z.boolean(),
    reason: cellReason.optional(),
  })
  .meta({ id: 'Cell' });
export type CellView = z.infer<typeof cellView>;

export const rowView = z
  .object({
    id: z.string(),
    position: z.int().describe('Place among the rows that exist, from 0'),
    entity,
    cells: z.record(z.string(), cellView).describe('By column id'),
  })
  .meta({ id: 'Row' });
export type RowView = z.infer<typeof rowView>;

export const rowPage = z
  .object({ items: z.array(rowView), nextCursor: z.string().nullable(), total: z.int() })
  .meta({ id: 'RowPage' });
export type RowPage = z.infer<typeof rowPage>;

export const createdRows = z.object({ items: z.array(rowView) }).meta({ id: 'CreatedRows' });
export type CreatedRows = z.infer<typeof createdRows>;

export const rowsQuery = z
  .object({
    limit,
    cursor: cursorLike(/^\d{1,9}$/),
    fromPosition: z.coerce.number().int().min(0).max(2_000_000_000).optional(),
  })
  .refine((query) => query.cursor === undefined || query.fromPosition === undefined, {
    path: ['fromPosition'],
    message: 'cannot be combined with cursor',
  });
export type RowsQuery = z.infer<typeof rowsQuery>;
