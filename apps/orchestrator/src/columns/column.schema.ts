import { z } from 'zod';
import { jsonValue, jsonView } from '../openapi/json.schema.js';
import { id, nameText } from '../openapi/paging.schema.js';

export const MAX_COLUMNS_PER_LIST = 200;

/** Configs name a column as `{{Name}}`, which braces would break. Attributes may have any name: they come from files. */
const columnName = nameText.regex(/^[^{}]*$/, 'must not contain { or }');

const config = z.record(z.string().max(200), jsonValue);

export const newColumn = z.strictObject({
  name: columnName,
  service: z.string().min(1).max(64).describe('Id of a registered service'),
  config: config
    .default({})
    .describe("Checked against the service's JSON Schema; names attributes and columns by their titles"),
  runIf: z.unknown().optional().describe('Not supported yet'),
});
export type NewColumn = z.infer<typeof newColumn>;

export const columnChange = z
  .strictObject({ name: columnName.optional(), config: config.optional(), runIf: z.unknown().optional() })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'must change something');
export type ColumnChange = z.infer<typeof columnChange>;

export const columnPath = z.object({ listId: id, columnId: id });
export type ColumnPath = z.infer<typeof columnPath>;

export const columnView = z
  .object({
    id: z.string(),
    listId: z.string(),
    name: z.string(),
    service: z.string(),
    config: z.record(z.string(), jsonView),
    dependsOn: z.array(z.string()).describe('Ids of the columns that the config names'),
    position: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Column' });
export type ColumnView = z.infer<typeof columnView>;

export const columnCollection = z
  .object({ items: z.array(columnView), nextCursor: z.null() })
  .meta({ id: 'ColumnCollection' });
export type ColumnCollection = z.infer<typeof columnCollection>;
