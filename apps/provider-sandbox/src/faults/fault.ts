import { z } from 'zod';
import { PROVIDER_NAMES, WRONG_PARTS } from '../providers/provider-api.js';

const none = z.strictObject({}).optional();
const milliseconds = z.number().min(0).max(3_600_000);
/** Part of a call's look-ups that it hits; at least one of them. */
const share = z.number().min(0).max(1).default(0.5);

const where = {
  provider: z.enum(PROVIDER_NAMES),
  /** Path of the route, or `POST <path>`; absent for all routes of the provider. */
  route: z.string().optional(),
  /** Share of calls that it hits. */
  probability: z.number().min(0).max(1).default(1),
  /** How many calls it hits before it is spent; absent for no end. */
  times: z.number().int().positive().optional(),
};

function fault<const Name extends string, Params extends z.ZodType>(name: Name, params: Params) {
  return z.strictObject({ ...where, fault: z.literal(name), params });
}

export const faultSchema = z.discriminatedUnion('fault', [
  /** Answers late, then as usual. */
  fault('latency', z.strictObject({ ms: milliseconds })),
  /** 429, with Retry-After only when `retryAfterSeconds` is given: as seconds, or as a date. */
  fault(
    'rate_limited',
    z
      .strictObject({ retryAfterSeconds: z.number().min(0).max(86_400).optional(), asDate: z.boolean().optional() })
      .optional(),
  ),
  fault('server_error', z.strictObject({ status: z.number().int().min(500).max(599).default(500) }).optional()),
  /** Never answers; with `ms` the connection is cut after that time. */
  fault('hang', z.strictObject({ ms: milliseconds.optional() }).optional()),
  /** Counts and charges the call, then resets the connection: the answer is lost. */
  fault('reset_after_count', none),
  /** The key is right, but refused. */
  fault('unauthorized', none),
  /** 402. */
  fault('out_of_credits', none),
  /** 403: not on this plan. */
  fault('forbidden', none),
  /** The usual answer, charged, its body spread over `ms`. */
  fault('slow_drip', z.strictObject({ ms: milliseconds.default(60_000) }).prefault({})),
  /** JSON that is not the documented one: another envelope, wrong types, a second answer, or text where JSON was asked for. */
  fault('wrong_schema', z.strictObject({ part: z.enum(WRONG_PARTS).optional() }).prefault({})),
  /** A page for people, as proxies and maintenance windows send it. */
  fault('html_body', z.strictObject({ status: z.number().int().min(200).max(599).default(200) }).prefault({})),
  /** The usual answer, charged, padded with blanks to this size. */
  fault(
    'oversized_body',
    z
      .strictObject({
        bytes: z
          .number()
          .int()
          .min(1)
          .max(1e9)
          .default(16 * 1024 * 1024),
      })
      .prefault({}),
  ),
  /** Nobody is known, or everybody is but without a single attribute. */
  fault('empty_result', z.strictObject({ of: z.enum(['matches', 'values']).default('matches') }).prefault({})),
  /** So many of the items are missing; only the others are charged. */
  fault('partial_batch', z.strictObject({ share }).prefault({})),
  /** So many of the items have an error of their own, by the provider's code for it; only the others are charged. */
  fault('item_error', z.strictObject({ code: z.string(), share })),
]);
export type Fault = z.infer<typeof faultSchema>;
export type FaultOf<Name extends Fault['fault']> = Extract<Fault, { fault: Name }>;

export const faultsSchema = z.array(faultSchema).max(100);
