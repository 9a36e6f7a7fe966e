import { z } from 'zod';
import { cursorLike, limit, pageOf } from '../openapi/paging.schema.js';

export const creditsView = z
  .object({
    granted: z.int(),
    available: z.int(),
    held: z.int(),
    spent: z.int(),
  })
  .meta({ id: 'Credits', description: 'granted = available + held + spent' });
export type CreditsView = z.infer<typeof creditsView>;

export const creditEntry = z
  .object({
    id: z.string(),
    at: z.string().describe('ISO 8601'),
    kind: z.string().describe('grant, hold, capture, release, refund or expire'),
    amount: z.int(),
    jobId: z.string().optional(),
    page: z.int().optional(),
    columnId: z.string().optional(),
    note: z.string().optional(),
  })
  .meta({ id: 'CreditEntry' });
export type CreditEntry = z.infer<typeof creditEntry>;

export const creditEntryPage = pageOf(creditEntry).meta({ id: 'CreditEntryPage' });
export type CreditEntryPage = z.infer<typeof creditEntryPage>;

/** The cursor goes to billing as it is, and is billing's. */
export const creditEntryQuery = z.object({ limit, cursor: cursorLike(/^\d{1,18}$/) });
export type CreditEntryQuery = z.infer<typeof creditEntryQuery>;
