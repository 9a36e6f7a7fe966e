import type { JsonValue } from '../../openapi/json.schema.js';

export type Config = Readonly<Record<string, JsonValue>>;
export type ConfigSchema = Readonly<Record<string, unknown>>;
/** Steps from the root of a config to a place in it. */
export type ConfigPath = readonly (string | number)[];

/** Looks at a value of a config under one schema that applies to it, and says what shall stand in its place. */
export type ConfigVisitor = (schema: ConfigSchema, value: JsonValue, path: ConfigPath) => JsonValue;

const ALTERNATIVES = ['allOf', 'anyOf', 'oneOf'] as const;

/**
 * Walks a config and its JSON Schema side by side: members under `properties` and `additionalProperties`, elements under
 * `items`, through `$ref` and alternatives. Of alternatives all are visited, whichever fits: a keyword counts where one has it.
 */
export function mapConfig(root: ConfigSchema, config: Config, visit: ConfigVisitor): Config {
  const walk = (schema: unknown, value: JsonValue, path: ConfigPath, passed: readonly unknown[] = []): JsonValue => {
    if (!isSchema(schema) || passed.includes(schema)) return value;
    let result = visit(schema, value, path);
    const others = ALTERNATIVES.flatMap((name) => (Array.isArray(schema[name]) ? (schema[name] as unknown[]) : []));
    for (const other of [referred(root, schema['$ref']), ...others]) {
      result = walk(other, result, path, [...passed, schema]);
    }
    if (Array.isArray(result)) return result.map((element, no) => walk(schema['items'], element, [...path, no]));
    if (typeof result !== 'object' || result === null) return result;
    const members = Object.entries(result).map(([name, member]) => [
      name,
      walk(schemaOfMember(schema, name), member, [...path, name]),
    ]);
    return Object.fromEntries(members) as JsonValue;
  };
  return walk(root, config, []) as Config;
}

const isSchema = (schema: unknown): schema is ConfigSchema =>
  typeof schema === 'object' && schema !== null && !Array.isArray(schema);

function schemaOfMember({ properties, additionalProperties }: ConfigSchema, name: string): unknown {
  return isSchema(properties) && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
}

/** What a `$ref` into the same document means; undefined for any other. */
function referred(root: ConfigSchema, ref: unknown): unknown {
  if (typeof ref !== 'string' || !/^#(\/|$)/.test(ref)) return undefined;
  const steps = ref.split('/').slice(1);
  return steps.reduce<unknown>((at, step) => {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    return isSchema(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }, root);
}
