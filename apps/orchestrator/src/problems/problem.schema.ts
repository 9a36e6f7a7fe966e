import { z } from 'zod';

/** An error as every route answers it. */
export const problemView = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
    errorId: z.string().optional(),
  })
  .meta({ id: 'Problem' });
