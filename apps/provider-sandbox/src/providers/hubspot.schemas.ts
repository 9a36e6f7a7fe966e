import { z } from 'zod';

/** What HubSpot's batch routes take. Source: https://developers.hubspot.com/docs/api-reference/crm-companies-v3/batch */
const MAX_INPUTS = 100;
const id = z.union([z.string(), z.number()]).transform(String).pipe(z.string().trim().min(1).max(1_000));
const value = z.union([z.string().max(65_536), z.number(), z.boolean(), z.null()]);
const names = z.array(z.string()).max(1_000).default([]);

const writeInput = z.object({
  id,
  idProperty: z.string().min(1).optional(),
  properties: z.record(z.string(), value),
  objectWriteTraceId: z.string().min(1).max(1_000).optional(),
});
export type WriteInput = z.infer<typeof writeInput>;

export const readBody = z.object({
  idProperty: z.string().min(1).optional(),
  properties: names,
  inputs: z.array(z.object({ id })).min(1).max(MAX_INPUTS),
});
export type ReadBody = z.infer<typeof readBody>;

export const writeBody = z.object({ inputs: z.array(writeInput).min(1).max(MAX_INPUTS) });

export const archiveBody = z.object({ inputs: z.array(z.object({ id })).min(1).max(MAX_INPUTS) });
