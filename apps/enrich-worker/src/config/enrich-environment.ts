import { workerEnvironment } from '@uno/worker-kit';
import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ });
const callsPerSecond = z.coerce.number().positive().max(100_000);

/** Everything the enrich worker reads from its environment, once, at start. */
export const enrichEnvironment = workerEnvironment.extend({
  LUSHA_URL: httpUrl.default('https://api.lusha.com'),
  LUSHA_API_KEY: z.string().min(1),
  /** Calls per second that the account allows. */
  LUSHA_REQUESTS_PER_SECOND: callsPerSecond.optional(),
  PDL_URL: httpUrl.default('https://api.peopledatalabs.com'),
  PDL_API_KEY: z.string().min(1),
  PDL_REQUESTS_PER_SECOND: callsPerSecond.optional(),
  /** Rows of one bulk call. */
  ENRICH_LOOKUPS_PER_CALL: z.coerce.number().int().min(1).max(100).default(25),
  /** Bulk calls of one page at a time. */
  ENRICH_CALLS_PER_PAGE: z.coerce.number().int().min(1).max(1_000).default(25),
  /** Bulk calls at a time of all pages that this process runs. */
  ENRICH_CALLS_AT_A_TIME: z.coerce.number().int().min(1).max(10_000).default(200),
  /** How long one call may take, from its start to the last byte of its answer. */
  ENRICH_CALL_TIMEOUT_SECONDS: z.coerce.number().positive().max(600).default(30),
  /** How long a provider may fail, from its first failure since a success, before it counts as down for the page. */
  RETRY_BUDGET_SECONDS: z.coerce.number().positive().max(86_400).default(300),
});
export type EnrichEnvironment = z.infer<typeof enrichEnvironment>;
