import { z } from 'zod';
import { cellReason, cellStatus, cellView } from '../lists/row.schema.js';
import { jsonValue, jsonView } from '../openapi/json.schema.js';
import { id } from '../openapi/paging.schema.js';

export const MAX_CELL_BYTES = 64 * 1024;
export const MAX_VERSIONS_SHOWN = 100;

export const cellPath = z.object({ listId: id, rowId: id, columnId: id });
export type CellPath = z.infer<typeof cellPath>;

export const cellEdit = z.strictObject({
  value: jsonValue
    .refine((value) => value !== null && value !== undefined, 'must be a value; a cell cannot be emptied by hand')
    .refine((value) => Buffer.byteLength(JSON.stringify(value) ?? '') <= MAX_CELL_BYTES, 'is larger than 64 KiB'),
});
export type CellEdit = z.infer<typeof cellEdit>;

/** One value that a cell was given, or one try that found none. */
export const cellVersion = z
  .object({
    id: z.int(),
    status: cellStatus,
    value: jsonView,
    reason: cellReason.nullable(),
    provenance: jsonView.describe('Where the value came from: each provider asked, and how it went'),
    author: z.enum(['job', 'user']),
    jobId: z.string().nullable(),
    page: z.int().nullable(),
    attempt: z.int().nullable(),
    cost: z.int().describe('Credits'),
    createdAt: z.iso.datetime(),
    restoredAt: z.iso.datetime().nullable().describe('When the job that wrote it was undone'),
  })
  .meta({ id: 'CellVersion' });
export type CellVersion = z.infer<typeof cellVersion>;

export const cellDetails = z
  .object({
    rowId: z.string(),
    columnId: z.string(),
    ...cellView.shape,
    cost: z.int().describe('Credits that the current value cost'),
    provenance: jsonView,
    jobId: z.string().nullable().describe('The job that claimed the cell last; null while it holds an edit by hand'),
    versions: z.array(cellVersion).describe(`The latest ${MAX_VERSIONS_SHOWN}, newest first`),
  })
  .meta({ id: 'CellDetails' });
export type CellDetails = z.infer<typeof cellDetails>;
