import { VALUE_KEYWORD } from '@uno/workflow-contracts';
import type { Config, ConfigSchema } from '../columns/config/walk-config.js';
import { mapConfig } from '../columns/config/walk-config.js';
import type { Sql } from '../database/sql.js';
import type { JsonValue } from '../openapi/json.schema.js';
import { unprocessable } from '../problems/problem.error.js';
import type { ConfigValidator } from '../services/config-validator.js';
import type { CellRef } from './read-cell.js';

/**
 * Refuses a value that the column cannot hold, where its service says what it holds. A column that does not exist refuses none.
 * @throws ProblemError 422 `invalid_value`
 */
export async function refuseUnfitValue(
  sql: Sql,
  configs: ConfigValidator,
  { workspaceId, listId, columnId }: CellRef,
  value: JsonValue,
): Promise<void> {
  const column = await sql.row<{ config: Config; schema: ConfigSchema }>(
    `select c.config, s.config_schema as schema from list_column c join service s on s.id = c.service_id
     where c.workspace_id = $1 and c.list_id = $2 and c.id = $3 and c.deleted_at is null`,
    [workspaceId, listId, columnId],
  );
  if (!column) return;
  const [fault] = valueSchemas(configs, column).flatMap((schema) => configs.check(schema, value, '/value'));
  if (fault) throw unprocessable('invalid_value', fault.pointer, `What this column holds ${fault.detail}.`);
}

/** What the values of a column fulfil, from all places of its schema that its config fits. */
function valueSchemas(
  configs: ConfigValidator,
  { config, schema }: { readonly config: Config; readonly schema: ConfigSchema },
): ConfigSchema[] {
  const found: ConfigSchema[] = [];
  mapConfig(schema, config, (place, member) => {
    const held = place[VALUE_KEYWORD];
    // A place that refers to others of its document cannot be told to fit alone.
    const isTold = held !== undefined && configs.fault(place) === undefined;
    if (isTold && configs.check(place, member, '').length === 0) found.push(held as ConfigSchema);
    return member;
  });
  return found;
}
