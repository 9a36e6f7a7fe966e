import type { RJSFSchema } from '@rjsf/utils';

/** Keyword of the services' schemas: the string names an attribute or another column, in a text or as a whole. */
const REFERENCE = 'x-uno-reference';
/** Keyword of the services' schemas: which values of a property fit a list, by its entity type. */
export const CHOICES = 'x-uno-choices';
/** Keyword of the services' schemas: a column with this value here would wait for something that is not offered yet. */
export const ENDS_STAGE = 'x-uno-ends-stage';
/** Keyword of the form's own schemas: titles of the values of an `enum`, in their order. */
export const VALUE_TITLES = 'x-form-titles';

/** The control that a part of a config is edited with; `json` is what nothing better is known for. */
export type Control =
  'fixed' | 'template' | 'reference' | 'choice' | 'choices' | 'lines' | 'map' | 'group' | 'plain' | 'json';

export function controlOf(schema: RJSFSchema): Control {
  if (schema.const !== undefined) return 'fixed';
  if (schema.enum) return 'choice';
  switch (schema.type) {
    case 'string':
      return referenceIn(schema) ?? 'plain';
    case 'number':
    case 'integer':
    case 'boolean':
      return 'plain';
    case 'array': {
      const items = asSchema(schema.items);
      if (items.enum) return 'choices';
      return items.type === 'string' ? 'lines' : 'json';
    }
    case 'object': {
      if (schema.properties) return 'group';
      return asSchema(schema.additionalProperties).type === 'string' ? 'map' : 'json';
    }
    default:
      return 'json';
  }
}

function referenceIn(schema: RJSFSchema): 'template' | 'reference' | undefined {
  const kind: unknown = schema[REFERENCE];
  if (kind === undefined) return undefined;
  return kind === 'template' ? 'template' : 'reference';
}

/** A schema in a place where JSON Schema also allows `true`, `false`, a list of schemas or nothing. */
export const asSchema = (schema: unknown): RJSFSchema =>
  typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? schema : {};
