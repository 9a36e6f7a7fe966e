import { isSchema, type JsonSchema } from './json-schema.js';

/** Limits of strict mode. Source: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
const MAX_DEPTH = 10;
const MAX_PROPERTIES = 5_000;
const MAX_ENUM_VALUES = 1_000;
const KEYWORDS: ReadonlySet<string> = new Set([
  ...['type', 'title', 'description', 'enum', 'const', 'anyOf', '$ref', '$defs'],
  ...['properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'pattern', 'format'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
]);
const FORMATS: ReadonlySet<unknown> = new Set('date-time time date duration email hostname ipv4 ipv6 uuid'.split(' '));
/** A schema must say by one of these what it takes. */
const SAYS_WHAT = ['type', 'enum', 'const', 'anyOf', '$ref'];

/**
 * Whether the provider takes a schema to be followed to the letter. What it does not take is sent as a wish; our own check of
 * the answer is the same in both cases.
 */
export function fitsStrictMode(schema: JsonSchema): boolean {
  const count = { properties: 0, enumValues: 0 };
  const fits = (each: unknown, depth: number): boolean => {
    if (!isSchema(each) || depth > MAX_DEPTH) return false;
    if (Object.keys(each).some((keyword) => !KEYWORDS.has(keyword))) return false;
    if (!SAYS_WHAT.some((keyword) => keyword in each)) return false;
    if ('format' in each && !FORMATS.has(each['format'])) return false;
    if (Array.isArray(each['enum'])) count.enumValues += each['enum'].length;
    const properties = Object.values(isSchema(each['properties']) ? each['properties'] : {});
    count.properties += properties.length;
    if (takes(each, 'object') && !isClosed(each)) return false;
    if (takes(each, 'array') && !('items' in each)) return false;
    const definitions = Object.values(isSchema(each['$defs']) ? each['$defs'] : {});
    const same = [...definitions, ...(Array.isArray(each['anyOf']) ? (each['anyOf'] as unknown[]) : [])];
    const deeper = [...properties, ...('items' in each ? [each['items']] : [])];
    return same.every((inner) => fits(inner, depth)) && deeper.every((inner) => fits(inner, depth + 1));
  };
  return fits(schema, 0) && count.properties <= MAX_PROPERTIES && count.enumValues <= MAX_ENUM_VALUES;
}

function takes({ type }: JsonSchema, wanted: string): boolean {
  return Array.isArray(type) ? type.includes(wanted) : type === wanted;
}

/** Every property is required and there are no others. */
function isClosed({ properties, required, additionalProperties }: JsonSchema): boolean {
  const names = Object.keys(isSchema(properties) ? properties : {});
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return additionalProperties === false && names.every((name) => needed.includes(name));
}
