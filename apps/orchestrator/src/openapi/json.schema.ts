import { z } from 'zod';

export type JsonValue = z.infer<ReturnType<typeof z.json>>;
export type JsonObject = Readonly<Record<string, JsonValue>>;

const MAX_DEPTH = 64;

/**
 * Any JSON value that can be stored. Deeper nesting than anybody needs is refused, because code that walks a value would
 * run out of stack; so are the characters that Postgres cannot hold.
 */
export const jsonValue = z
  .unknown()
  .superRefine((value, context) => {
    const fault = faultOf(value);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })
  .transform((value) => value as JsonValue)
  .meta({ id: 'JsonInput', description: 'Any JSON value' });

/** Any JSON value in an answer. */
export const jsonView = z.custom<JsonValue>().meta({ id: 'JsonValue', description: 'Any JSON value' });

function faultOf(root: unknown): string | undefined {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return `must not be nested deeper than ${MAX_DEPTH} levels`;
    const texts = level.flatMap((part) => (isObject(part) ? Object.keys(part) : [part])).filter(isText);
    if (texts.some((text) => text.includes('\u0000'))) return 'must not contain a NUL character';
    if (texts.some((text) => /\p{Surrogate}/u.test(text))) return 'must be well-formed Unicode';
    level = level.flatMap((part): unknown[] => (isObject(part) ? Object.values(part) : []));
  }
  return undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
