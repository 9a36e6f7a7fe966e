import { z } from 'zod';

/** The largest number of credits in one request; sums of many stay exact as JSON numbers. */
export const MAX_CREDITS_PER_REQUEST = 1_000_000_000_000;

/** Text that Postgres can store: no NUL. */
export const text = z
  .string()
  .min(1)
  .max(200)
  .refine((value) => !value.includes('\u0000'), 'must not contain NUL');

/** Whole credits, zero allowed: a service may be free. */
export const credits = z.int().min(0).max(MAX_CREDITS_PER_REQUEST);

/** Seconds that a hold lives, counted from the request by the database's clock; at most 31 days. */
export const ttlSeconds = z
  .int()
  .min(1)
  .max(31 * 24 * 3600);
