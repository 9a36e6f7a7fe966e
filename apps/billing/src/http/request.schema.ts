import { z } from 'zod';

/** The largest number of credits in one request; sums of many stay exact as JSON numbers. */
export const MAX_CREDITS_PER_REQUEST = 1_000_000_000_000;

const MAX_TEXT_CHARS = 200;

/** Whether Postgres keeps a text as it is: NUL it refuses, and halves of surrogate pairs would all become the same. */
const isStorable = (value: string): boolean => !value.includes('\u0000') && !/\p{Surrogate}/u.test(value);

/** Whether a text may be a name or an id. */
export const isText = (value: string): boolean =>
  value.length > 0 && value.length <= MAX_TEXT_CHARS && isStorable(value);

/** Text that Postgres keeps as it is. */
export const storableText = z.string().refine(isStorable, 'must be well-formed Unicode without NUL');

/** A name or an id. */
export const text = storableText.min(1).max(MAX_TEXT_CHARS);

/** An id that this service made, as the place where a page goes on. */
export const cursorOf = (kind: 'hold' | 'capture') =>
  z.string().regex(new RegExp(`^${kind}_[0-9A-Z]{26}$`), 'must be the nextCursor of the page before');

/** Whole credits, zero allowed: a service may be free. */
export const credits = z.int().min(0).max(MAX_CREDITS_PER_REQUEST);

/** Seconds that a hold lives, counted from the request by the database's clock; at most 31 days. */
export const ttlSeconds = z
  .int()
  .min(1)
  .max(31 * 24 * 3600);
