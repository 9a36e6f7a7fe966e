type JsonSchema = { readonly [key: string]: unknown };

/**
 * Compares a saved JSON Schema with the current one and lists what an old peer could not live with: a field removed, made
 * required or optional, narrowed or changed in type, an enum value removed. Additions of optional fields are fine.
 */
export function wireBreaks(saved: unknown, current: unknown, path = '$'): string[] {
  if (!isObject(saved) || !isObject(current)) return saved === current ? [] : [`${path}: changed`];
  return [
    ...typeBreaks(saved, current, path),
    ...enumBreaks(saved, current, path),
    ...limitBreaks(saved, current, path),
    ...propertyBreaks(saved, current, path),
    ...('items' in saved ? wireBreaks(saved['items'], current['items'], `${path}[]`) : []),
    ...additionalBreaks(saved['additionalProperties'], current['additionalProperties'], path),
    ...EXACT_KEYWORDS.filter((name) => !isEqual(saved[name], current[name])).map((name) => `${path}: ${name} changed`),
  ];
}

/** Keywords whose every change is taken for a break: what they allow cannot be compared by sight. */
const EXACT_KEYWORDS = ['const', 'pattern', 'format', 'anyOf', 'oneOf', 'allOf', '$ref', '$defs', 'propertyNames'];

const isEqual = (one: unknown, other: unknown): boolean => onTheWire(one) === onTheWire(other);

/** Without `x-uno-…`: what the orchestrator alone reads decides nothing about what a peer sends or takes. */
const onTheWire = (schema: unknown): string | undefined =>
  JSON.stringify(schema, (name, value: unknown) => (name.startsWith('x-uno-') ? undefined : value));

/** Fields that the schema does not name: allowed when absent or true, refused when false, of one shape when a schema. */
function additionalBreaks(saved: unknown, current: unknown, path: string): string[] {
  if (isObject(saved) && isObject(current)) return wireBreaks(saved, current, `${path}{}`);
  if (current === undefined || current === true || isEqual(saved, current)) return [];
  return isObject(current) && Object.keys(current).length === 0 ? [] : [`${path}: unknown fields are refused now`];
}

function typeBreaks(saved: JsonSchema, current: JsonSchema, path: string): string[] {
  return JSON.stringify(saved['type']) === JSON.stringify(current['type']) ? [] : [`${path}: type changed`];
}

function enumBreaks(saved: JsonSchema, current: JsonSchema, path: string): string[] {
  if (!Array.isArray(saved['enum'])) return 'enum' in current ? [`${path}: became an enum`] : [];
  const now = new Set(Array.isArray(current['enum']) ? current['enum'] : saved['enum']);
  return saved['enum']
    .filter((value) => !now.has(value))
    .map((value) => `${path}: enum value ${String(value)} removed`);
}

const UPPER_LIMITS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'];
const LOWER_LIMITS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];

function limitBreaks(saved: JsonSchema, current: JsonSchema, path: string): string[] {
  const narrowed = (name: string, tighter: (was: number, is: number) => boolean): boolean => {
    const is = current[name];
    if (typeof is !== 'number') return false;
    const was = saved[name];
    return typeof was !== 'number' || tighter(was, is);
  };
  return [
    ...UPPER_LIMITS.filter((name) => narrowed(name, (was, is) => is < was)),
    ...LOWER_LIMITS.filter((name) => narrowed(name, (was, is) => is > was)),
  ].map((name) => `${path}: ${name} narrowed`);
}

function propertyBreaks(saved: JsonSchema, current: JsonSchema, path: string): string[] {
  const before = properties(saved);
  const now = properties(current);
  const wasRequired = new Set(required(saved));
  const removed = Object.keys(before).filter((name) => !(name in now));
  const nowRequired = new Set(required(current));
  const newlyRequired = [...nowRequired].filter((name) => !wasRequired.has(name));
  // An old reader still relies on it.
  const newlyOptional = [...wasRequired].filter((name) => name in now && !nowRequired.has(name));
  return [
    ...removed.map((name) => `${path}.${name}: removed`),
    ...newlyRequired.map((name) => `${path}.${name}: became required`),
    ...newlyOptional.map((name) => `${path}.${name}: became optional`),
    ...Object.keys(before)
      .filter((name) => name in now)
      .flatMap((name) => wireBreaks(before[name], now[name], `${path}.${name}`)),
  ];
}

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const properties = (schema: JsonSchema): JsonSchema => (isObject(schema['properties']) ? schema['properties'] : {});
const required = (schema: JsonSchema): string[] =>
  Array.isArray(schema['required']) ? (schema['required'] as string[]) : [];
