import type { RJSFSchema } from '@rjsf/utils';
import type { EntityType } from '../../api.types.js';
import { inWords } from '../../format.js';
import { CHOICES, ENDS_STAGE, VALUE_TITLES, asSchema, controlOf } from './schema-words.js';

interface Place {
  readonly root: RJSFSchema;
  readonly entityType: EntityType;
}

/**
 * A service's config schema as the form needs it now: references into the schema resolved, values that do not fit the list or
 * are not offered yet left out, and of each discriminated union the variant that the config has chosen, so that neither the
 * form nor the check of it meets a union.
 */
export function formSchema(schema: RJSFSchema, entityType: EntityType, config: unknown): RJSFSchema {
  return narrow(schema, config, { root: schema, entityType });
}

/** The config without what the schema has no place for: what was typed for a variant that is no longer chosen. */
export function fitting(schema: RJSFSchema, config: unknown): unknown {
  if (!schema.properties || typeof config !== 'object' || config === null || Array.isArray(config)) return config;
  const kept = Object.entries(config)
    .filter(([name, value]) => value !== undefined && schema.properties?.[name] !== undefined)
    .map(([name, value]) => [name, fitting(asSchema(schema.properties?.[name]), value)] as const);
  return Object.fromEntries(kept);
}

function narrow(given: RJSFSchema, value: unknown, place: Place): RJSFSchema {
  const resolved = variantOf(resolve(given, place.root), value, place.root);
  const schema = offered(resolved, place.entityType);
  if (schema.items) return narrowArray(schema, place);
  if (!schema.properties) return controlOf(schema) === 'json' ? opaque(schema) : schema;
  const properties = inOrder(schema)
    .map(([name, property]) => [name, narrow(asSchema(property), member(value, name), place)] as const)
    // What has one value only is no question; it is sent where the service wants to read it.
    .filter(([name, property]) => property.const === undefined || schema.required?.includes(name));
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** Properties as their service thought of them: on the way here an object loses its order, the list of required ones does not. */
function inOrder({ properties = {}, required = [] }: RJSFSchema): [string, unknown][] {
  const place = (name: string): number => (required.includes(name) ? required.indexOf(name) : required.length);
  return Object.entries(properties).sort(([one], [other]) => place(one) - place(other));
}

/** What is typed as JSON is judged by the server: the form knows no more than its type. */
const opaque = ({ type = 'object', title, description }: RJSFSchema): RJSFSchema => ({
  type,
  ...(title !== undefined && { title }),
  ...(description !== undefined && { description }),
});

function narrowArray(schema: RJSFSchema, place: Place): RJSFSchema {
  const { const: only, default: _only, ...more } = narrow(asSchema(schema.items), undefined, place);
  // Of a list of choices even a single one is a question: it may be left out.
  const items = only === undefined ? more : { ...more, enum: [only] };
  return { ...schema, items, ...(items.enum && { uniqueItems: true }) };
}

function resolve(schema: RJSFSchema, root: RJSFSchema): RJSFSchema {
  const name = /^#\/\$defs\/(.+)$/.exec(schema.$ref ?? '')?.[1];
  if (name === undefined) return schema;
  const { $ref: _resolved, ...beside } = schema;
  return { ...asSchema(root.$defs?.[name]), ...beside };
}

/** Of a union of objects that differ in a constant: the one that the value names (else the first), with the constant as a choice. */
function variantOf(schema: RJSFSchema, value: unknown, root: RJSFSchema): RJSFSchema {
  const { oneOf, anyOf, ...rest } = schema;
  const variants = (oneOf ?? anyOf ?? []).map((variant) => resolve(asSchema(variant), root));
  const constants = Object.keys(variants[0]?.properties ?? {}).filter((name) =>
    variants.every((variant) => constantOf(variant, name) !== undefined),
  );
  const [discriminator] = constants;
  if (discriminator === undefined) return schema;
  const values = variants.map((variant) => constantOf(variant, discriminator));
  const chosen = variants[Math.max(0, values.indexOf(member(value, discriminator)))] ?? {};
  const choice = {
    type: 'string' as const,
    enum: values as string[],
    default: values[0] as string,
    [VALUE_TITLES]: variants.map(({ title }, index) => title ?? inWords(String(values[index]))),
  };
  // The choice is that of the union: it carries its title, the variant's own fields follow.
  return { ...chosen, ...rest, type: 'object', properties: { ...chosen.properties, [discriminator]: choice } };
}

const constantOf = (variant: RJSFSchema, name: string): unknown => asSchema(variant.properties?.[name]).const;

/** The schema without the values that do not fit the entity type or are not offered yet; a single one left is a constant. */
function offered(schema: RJSFSchema, entityType: EntityType): RJSFSchema {
  const choices = (schema[CHOICES] as Partial<Record<EntityType, unknown[]>> | undefined)?.[entityType];
  const refused = schema[ENDS_STAGE] === undefined ? [] : [schema[ENDS_STAGE] as unknown].flat();
  if (schema.items && choices) return { ...schema, items: { ...asSchema(schema.items), enum: choices as string[] } };
  const known: unknown[] | undefined = schema.type === 'boolean' ? [true, false] : schema.enum;
  const left = (choices ?? known)?.filter((value) => !refused.includes(value));
  if (!left || (refused.length === 0 && !choices)) return schema;
  if (left.length > 1) return { ...schema, enum: left as string[] };
  const { enum: _all, ...rest } = schema;
  const [only] = left as string[];
  return only === undefined ? rest : { ...rest, const: only, default: only };
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
