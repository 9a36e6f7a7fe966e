import { z } from 'zod';
import { CRM_OBJECTS } from '../crm/crm-properties.js';
import { PROVIDER_NAMES } from '../providers/provider-api.js';

const provider = z.enum(PROVIDER_NAMES);

export const callsQuery = z.object({
  since: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(100_000).default(100_000),
});

export const crmRecordsQuery = z.object({
  object: z.enum(CRM_OBJECTS).optional(),
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(100_000).default(100_000),
});

export const latencyBody = z
  .strictObject({ provider, p50Ms: z.number().min(0).max(600_000), p99Ms: z.number().min(0).max(600_000) })
  .refine(({ p50Ms, p99Ms }) => p99Ms >= p50Ms, { path: ['p99Ms'], message: 'must not be below p50Ms' });

export const limitsBody = z.strictObject({
  provider,
  requestsPerSecond: z.number().positive().max(1_000_000).nullable(),
});

export const clockBody = z.strictObject({ rate: z.number().positive().max(100_000) });

export const resetBody = z.strictObject({ seed: z.union([z.string().min(1), z.number()]).transform(String) });
