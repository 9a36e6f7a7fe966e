import { z } from 'zod';
import { id, nameText, pageOf, pageQuery } from '../openapi/paging.schema.js';

export const MAX_ATTRIBUTES_PER_LIST = 256;

/** Name of an attribute of an entity: a column of the imported file. */
export const attributeName = z.string().trim().min(1).max(200);

export const entityType = z.enum(['company', 'contact']);

/** Which attributes say who an entity is. */
export const identity = z
  .strictObject({ name: attributeName.optional(), domain: attributeName.optional(), email: attributeName.optional() })
  .meta({ id: 'Identity' });
export type Identity = z.infer<typeof identity>;

export const newList = z.strictObject({ name: nameText, entityType, identity: identity.optional() });
export type NewList = z.infer<typeof newList>;

export const listChange = z
  .strictObject({ name: nameText.optional(), identity: identity.optional() })
  .refine((change) => Object.keys(change).length > 0, 'must change something');
export type ListChange = z.infer<typeof listChange>;

export const listPath = z.object({ listId: id });
export type ListPath = z.infer<typeof listPath>;

export const listView = z
  .object({
    id: z.string(),
    name: z.string(),
    entityType,
    identity,
    attributes: z.array(z.string()),
    rowCount: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'List' });
export type ListView = z.infer<typeof listView>;

export const listQuery = pageQuery('lst');

export const listPage = pageOf(listView).meta({ id: 'ListPage' });
export type ListPage = z.infer<typeof listPage>;
