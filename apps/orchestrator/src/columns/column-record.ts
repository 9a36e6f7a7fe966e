import type { Sql } from '../database/sql.js';
import type { ListRef } from '../lists/list-record.js';
import type { Identity } from '../lists/list.schema.js';
import { notFound, unprocessable } from '../problems/problem.error.js';
import type { ColumnView } from './column.schema.js';
import { withTitles } from './config/config-references.js';
import { ListNames } from './config/list-names.js';
import type { Config, ConfigSchema } from './config/walk-config.js';

/** A column as SQL reads it, with the schema of its service's configs. */
export interface ColumnRecord {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly config: Config;
  readonly schema: ConfigSchema;
  readonly dependsOn: string[];
  readonly position: number;
  readonly createdAt: Date;
}

/** The list's columns in their order. */
export async function readColumns(sql: Sql, { workspaceId, listId }: ListRef): Promise<ColumnRecord[]> {
  return sql.rows<ColumnRecord>(
    `select c.id, c.name, c.service_id as service, c.config, s.config_schema as schema, c.depends_on as "dependsOn",
       c.position, c.created_at as "createdAt"
     from list_column c join service s on s.id = c.service_id
     where c.workspace_id = $1 and c.list_id = $2 and c.deleted_at is null order by c.position, c.id`,
    [workspaceId, listId],
  );
}

interface AttributesOfList {
  readonly attributes: readonly string[];
  readonly identity: Identity;
}

/** @throws ProblemError 404 */
export async function readAttributes(sql: Sql, { workspaceId, listId }: ListRef): Promise<AttributesOfList> {
  const list = await sql.row<AttributesOfList>(
    'select attributes, identity from list where workspace_id = $1 and id = $2 and deleted_at is null',
    [workspaceId, listId],
  );
  if (!list) throw notFound('list');
  return list;
}

/** Attributes that a config may name: of a list without rows only those are known that identify its entities. */
export const nameableAttributes = ({ attributes, identity }: AttributesOfList): string[] => [
  ...new Set([...attributes, ...Object.values(identity).filter((name) => name !== undefined)]),
];

/** The columns as the API shows them: configs name things by their titles of now. */
export function toColumnViews(list: AttributesOfList, listId: string, columns: readonly ColumnRecord[]): ColumnView[] {
  const names = new ListNames(nameableAttributes(list), columns);
  return columns.map(({ id, name, service, config, schema, dependsOn, position, createdAt }) => ({
    ...{ id, listId, name, service, dependsOn, position },
    config: withTitles(schema, config, names, id),
    createdAt: createdAt.toISOString(),
  }));
}

export interface CatalogueEntry {
  readonly entity_types: readonly string[];
  readonly config_schema: ConfigSchema;
}

/** @throws ProblemError 422 `unknown_service` */
export async function readService(sql: Sql, serviceId: string): Promise<CatalogueEntry> {
  const service = await sql.row<CatalogueEntry>('select entity_types, config_schema from service where id = $1', [
    serviceId,
  ]);
  if (!service) throw unprocessable('unknown_service', '/service', 'No service of this id is registered.');
  return service;
}
