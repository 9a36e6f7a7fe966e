import type { Operation, Schema } from './operations.js';
import type { Values } from './world.js';

/** In the document, but refused as not supported yet. */
const LEFT_OUT = new Set(['runIf']);

export type Schemas = Readonly<Record<string, Schema>>;

export function resolve(schema: Schema, schemas: Schemas): Schema {
  if (schema.$ref === undefined) return schema;
  const target = schemas[schema.$ref.replace('#/components/schemas/', '')];
  if (!target) throw new Error(`The document has no ${schema.$ref}`);
  return resolve(target, schemas);
}

/** A value that the schema allows, with every member it names; `values` says what members of a known name hold. */
export function sampleOf(given: Schema, schemas: Schemas, values: Values): unknown {
  const schema = resolve(given, schemas);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const alternative = schema.oneOf?.[0] ?? schema.anyOf?.[0];
  if (alternative) return sampleOf(alternative, schemas, values);
  switch ([schema.type].flat()[0]) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => !LEFT_OUT.has(name))
          .map(([name, member]) => [name, name in values ? values[name] : sampleOf(member, schemas, values)]),
      );
    case 'array':
      return schema.items ? [sampleOf(schema.items, schemas, values)] : [];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    default:
      return 'text';
  }
}

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

export interface RequestParts {
  readonly key: string;
  readonly values: Values;
  readonly schemas: Schemas;
}

/** A request that the operation accepts. */
export function validRequest(operation: Operation, { key, values, schemas }: RequestParts): WireRequest {
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map(({ name, schema }) => `${name}=${String(values[name] ?? sampleOf(schema, schemas, values))}`);
  return {
    method: operation.method,
    path: [pathOf(operation, values), ...query].join(query.length > 0 ? '?' : ''),
    headers: {
      authorization: `Bearer ${key}`,
      ...(operation.bodyType !== undefined && { 'content-type': operation.bodyType }),
    },
    ...(operation.body && { body: bodyText(operation, sampleOf(operation.body, schemas, values)) }),
  };
}

/** The address of an operation; each value is written as it is, so that a case can write what is no id. */
export const pathOf = ({ path }: Operation, values: Values): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (!(name in values)) throw new Error(`Teach test/routes/world.ts what ${name} is`);
    return String(values[name]);
  });

const bodyText = ({ bodyType }: Operation, sample: unknown): string =>
  bodyType === 'text/csv' ? 'name,city\nOtter Rivers,Bern\n' : JSON.stringify(sample);
