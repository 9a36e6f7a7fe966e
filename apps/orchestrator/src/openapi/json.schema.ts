import { z } from 'zod';

export type JsonValue = z.infer<ReturnType<typeof z.json>>;
export type JsonObject = Readonly<Record<string, JsonValue>>;

/** Any JSON value that can be stored: without characters that Postgres cannot hold, and numbers too large to be one. */
export const jsonValue = z
  .unknown()
  .superRefine((value, context) => {
    const fault = leavesOf(value)
      .map(faultOf)
      .find((found) => found !== undefined);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })
  .transform((value) => value as JsonValue)
  .meta({ id: 'JsonInput', description: 'Any JSON value' });

/** Any JSON value in an answer. */
export const jsonView = z.custom<JsonValue>().meta({ id: 'JsonValue', description: 'Any JSON value' });

/** All texts and numbers in a value, names of members included. Bodies are nested to a bounded depth only. */
function leavesOf(value: unknown): (string | number)[] {
  if (typeof value === 'string' || typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(leavesOf)];
}

function faultOf(leaf: string | number): string | undefined {
  // Valid JSON such as 1e400 is read as Infinity, and would be written as null.
  if (typeof leaf === 'number')
    return Number.isFinite(leaf) ? undefined : 'must not contain a number too large to store';
  if (leaf.includes('\u0000')) return 'must not contain a NUL character';
  return /\p{Surrogate}/u.test(leaf) ? 'must be well-formed Unicode' : undefined;
}
