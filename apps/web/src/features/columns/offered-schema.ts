import type { RJSFSchema } from '@rjsf/utils';
import type { EntityType } from '../../api.types.js';

/** Keyword of the services' schemas: which values of a property fit a list, by its entity type. */
const CHOICES = 'x-uno-choices';

/** A service's schema with each property narrowed to what the service offers for lists of this entity type. */
export function offeredSchema(schema: RJSFSchema, entityType: EntityType): RJSFSchema {
  if (!schema.properties) return schema;
  const properties = Object.entries(schema.properties).map(([name, property]) => {
    const { [CHOICES]: choices } = Object(property) as { readonly [CHOICES]?: Partial<Record<EntityType, unknown[]>> };
    const offered = choices?.[entityType];
    return [name, offered ? { ...(property as RJSFSchema), enum: offered } : property];
  });
  return { ...schema, properties: Object.fromEntries(properties) as NonNullable<RJSFSchema['properties']> };
}
