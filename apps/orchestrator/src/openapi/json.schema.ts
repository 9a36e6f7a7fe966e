import { z } from 'zod';

export type JsonValue = z.infer<ReturnType<typeof z.json>>;
export type JsonObject = Readonly<Record<string, JsonValue>>;

/** Any JSON value that can be stored: without the characters that Postgres cannot hold. */
export const jsonValue = z
  .unknown()
  .superRefine((value, context) => {
    const fault = textsOf(value)
      .map(faultOf)
      .find((found) => found !== undefined);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })
  .transform((value) => value as JsonValue)
  .meta({ id: 'JsonInput', description: 'Any JSON value' });

/** Any JSON value in an answer. */
export const jsonView = z.custom<JsonValue>().meta({ id: 'JsonValue', description: 'Any JSON value' });

/** All texts in a value, names of members included. Bodies are nested to a bounded depth only. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(textsOf)];
}

function faultOf(text: string): string | undefined {
  if (text.includes('\u0000')) return 'must not contain a NUL character';
  return /\p{Surrogate}/u.test(text) ? 'must be well-formed Unicode' : undefined;
}
