import { z } from 'zod';
import { PROVIDER_NAMES } from '../providers/provider-api.js';

const none = z.strictObject({}).optional();
const milliseconds = z.number().min(0).max(3_600_000);

const where = {
  provider: z.enum(PROVIDER_NAMES),
  /** Path of the route, or `POST <path>`; absent for all routes of the provider. */
  route: z.string().optional(),
  /** Share of calls that it hits. */
  probability: z.number().min(0).max(1).default(1),
  /** How many calls it hits before it is spent; absent for no end. */
  times: z.number().int().positive().optional(),
};

export const faultSchema = z.discriminatedUnion('fault', [
  /** Answers late, then as usual. */
  z.strictObject({ ...where, fault: z.literal('latency'), params: z.strictObject({ ms: milliseconds }) }),
  /** 429, with Retry-After only when `retryAfterSeconds` is given. */
  z.strictObject({
    ...where,
    fault: z.literal('rate_limited'),
    params: z.strictObject({ retryAfterSeconds: z.number().min(0).max(86_400).optional() }).optional(),
  }),
  z.strictObject({
    ...where,
    fault: z.literal('server_error'),
    params: z.strictObject({ status: z.number().int().min(500).max(599).default(500) }).optional(),
  }),
  /** Never answers; with `ms` the connection is cut after that time. */
  z.strictObject({
    ...where,
    fault: z.literal('hang'),
    params: z.strictObject({ ms: milliseconds.optional() }).optional(),
  }),
  /** Counts and charges the call, then resets the connection: the answer is lost. */
  z.strictObject({ ...where, fault: z.literal('reset_after_count'), params: none }),
  z.strictObject({ ...where, fault: z.literal('unauthorized'), params: none }),
]);
export type Fault = z.infer<typeof faultSchema>;
export type FaultOf<Name extends Fault['fault']> = Extract<Fault, { fault: Name }>;

export const faultsSchema = z.array(faultSchema).max(100);
