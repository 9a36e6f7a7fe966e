import { z } from 'zod';
import { identity } from './list.schema.js';

export const MAX_REJECTIONS_SHOWN = 100;

export const importReport = z
  .object({
    imported: z.int(),
    rejectedCount: z.int(),
    rejected: z
      .array(z.object({ line: z.int(), reason: z.string() }))
      .describe(`The first ${MAX_REJECTIONS_SHOWN} lines that were not imported`),
    identity,
  })
  .meta({ id: 'ImportReport' });
export type ImportReport = z.infer<typeof importReport>;
export type Rejection = ImportReport['rejected'][number];
