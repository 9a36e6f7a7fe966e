import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { newId } from '../database/ids.js';
import { appendListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import { withIdempotency } from '../idempotency/idempotency.js';
import type { ListRef, LockedList } from '../lists/list-record.js';
import { isInLiveJob, lockList } from '../lists/list-record.js';
import { violatesUnique } from '../problems/database-error.js';
import { conflict, notFound, notSupported, unprocessable } from '../problems/problem.error.js';
import { ConfigValidator } from '../services/config-validator.js';
import { nameableAttributes, readAttributes, readColumns, readService, toColumnViews } from './column-record.js';
import type { CatalogueEntry, ColumnRecord } from './column-record.js';
import type { ColumnChange, ColumnCollection, ColumnView, NewColumn } from './column.schema.js';
import { MAX_COLUMNS_PER_LIST } from './column.schema.js';
import { checkConfig } from './config/check-config.js';
import type { CheckedConfig } from './config/check-config.js';
import type { Config } from './config/walk-config.js';

export interface ColumnRef extends ListRef {
  readonly columnId: string;
}

/** Columns of a list: what a service fills, and how. */
@Injectable()
export class ColumnsService {
  constructor(
    private readonly database: Database,
    private readonly configs: ConfigValidator,
  ) {}

  /** All columns of the list in their order. */
  async all(ref: ListRef): Promise<ColumnCollection> {
    const items = await this.database.inWorkspace(ref.workspaceId, (sql) => readViews(sql, ref));
    return { items, nextCursor: null };
  }

  /**
   * Adds a column at the end. What its config names by title is stored by reference. Idempotent by key.
   * @throws ProblemError 404; 409 `column_name_taken`; 422 `no_identity`, `unknown_service`, what {@link checkConfig} throws, …
   */
  async add(ref: ListRef, body: NewColumn, key: string | undefined): Promise<ColumnView> {
    if (body.runIf !== undefined) throw notSupported('/runIf', 'Conditions are not supported yet.');
    const { workspaceId, listId } = ref;
    const request = { route: 'POST /v1/lists/:listId/columns', listId, body };
    return this.database
      .inWorkspace(workspaceId, (sql) =>
        withIdempotency(sql, { workspaceId, key, request }, () => this.#insert(sql, ref, body)),
      )
      .catch(refuseTakenName);
  }

  /** @throws ProblemError 404 */
  async read(ref: ColumnRef): Promise<ColumnView> {
    return this.database.inWorkspace(ref.workspaceId, (sql) => readView(sql, ref));
  }

  /**
   * Renames a column or gives it another config; a job that is running keeps what its plan pinned.
   * @throws ProblemError 404; 409 `column_name_taken`; 422 what {@link checkConfig} throws
   */
  async change(ref: ColumnRef, change: ColumnChange): Promise<ColumnView> {
    if (change.runIf !== undefined) throw notSupported('/runIf', 'Conditions are not supported yet.');
    return this.database
      .inWorkspace(ref.workspaceId, async (sql) => {
        const list = await lockList(sql, ref);
        const columns = await readColumns(sql, ref);
        const column = columns.find(({ id }) => id === ref.columnId);
        if (!column) throw notFound('column');
        const checked =
          change.config &&
          this.#check(list, columns, {
            ...{ id: column.id, name: change.name ?? column.name, config: change.config },
            service: await readService(sql, column.service),
          });
        await sql.run(
          `update list_column set name = coalesce($3, name), config = coalesce($4, config), depends_on = coalesce($5, depends_on)
           where workspace_id = $1 and id = $2`,
          [
            ref.workspaceId,
            ref.columnId,
            change.name ?? null,
            checked ? JSON.stringify(checked.config) : null,
            checked?.dependsOn ?? null,
          ],
        );
        const view = await readView(sql, ref);
        await appendListEvent(sql, ref.workspaceId, ref.listId, { structure: true });
        return view;
      })
      .catch(refuseTakenName);
  }

  /**
   * Hides the column and its cells; versions and ledger stay.
   * @throws ProblemError 404; 409 `column_in_use`, `column_referenced`
   */
  async remove(ref: ColumnRef): Promise<void> {
    await this.database.inWorkspace(ref.workspaceId, async (sql) => {
      await lockList(sql, ref);
      if (await isInLiveJob(sql, ref, ref.columnId)) {
        throw conflict('column_in_use', 'A job is still working on this column. Cancel it or wait until it has ended.');
      }
      refuseReferenced(await readColumns(sql, ref), ref.columnId);
      const removed = await sql.run(
        `update list_column set deleted_at = clock_timestamp()
         where workspace_id = $1 and list_id = $2 and id = $3 and deleted_at is null`,
        [ref.workspaceId, ref.listId, ref.columnId],
      );
      if (removed === 0) throw notFound('column');
      await appendListEvent(sql, ref.workspaceId, ref.listId, { structure: true });
    });
  }

  async #insert(sql: Sql, ref: ListRef, body: NewColumn): Promise<ColumnView> {
    const list = await lockList(sql, ref);
    const service = await readService(sql, body.service);
    if (!service.entity_types.includes(list.entity_type)) {
      throw unprocessable(
        'wrong_entity_type',
        '/service',
        `This service does not fill lists of type ${list.entity_type}.`,
      );
    }
    if (Object.keys(list.identity).length === 0) {
      throw unprocessable(
        'no_identity',
        '',
        'Say first which attributes identify an entity: PATCH the list’s identity.',
      );
    }
    const id = newId('col');
    const columns = await readColumns(sql, ref);
    const { config, dependsOn } = this.#check(list, columns, { id, name: body.name, config: body.config, service });
    if (columns.length >= MAX_COLUMNS_PER_LIST) {
      throw unprocessable('too_many_columns', '', `A list has at most ${MAX_COLUMNS_PER_LIST} columns.`);
    }
    await sql.run(
      `insert into list_column (workspace_id, id, list_id, name, service_id, config, depends_on, position)
       values ($1, $2, $3, $4, $5, $6, $7,
         (select coalesce(max(position) + 1, 0) from list_column where workspace_id = $1 and list_id = $3))`,
      [ref.workspaceId, id, ref.listId, body.name, body.service, JSON.stringify(config), dependsOn],
    );
    const view = await readView(sql, { ...ref, columnId: id });
    await appendListEvent(sql, ref.workspaceId, ref.listId, { structure: true });
    return view;
  }

  #check(
    list: LockedList,
    columns: readonly ColumnRecord[],
    column: {
      readonly id: string;
      readonly name: string;
      readonly config: Config;
      readonly service: CatalogueEntry;
    },
  ): CheckedConfig {
    const { id, name, config, service } = column;
    return checkConfig(
      this.configs,
      { id, name, config, schema: service.config_schema },
      {
        entityType: list.entity_type,
        attributes: nameableAttributes(list),
        columns: columns.filter((other) => other.id !== id),
      },
    );
  }
}

/** @throws ProblemError 404 */
async function readViews(sql: Sql, ref: ListRef): Promise<ColumnView[]> {
  return toColumnViews(await readAttributes(sql, ref), ref.listId, await readColumns(sql, ref));
}

/** @throws ProblemError 404 */
async function readView(sql: Sql, ref: ColumnRef): Promise<ColumnView> {
  const found = (await readViews(sql, ref)).find(({ id }) => id === ref.columnId);
  if (!found) throw notFound('column');
  return found;
}

function refuseReferenced(columns: readonly ColumnRecord[], columnId: string): void {
  const users = columns.filter(({ dependsOn }) => dependsOn.includes(columnId)).map(({ name }) => name);
  if (users.length === 0) return;
  throw conflict('column_referenced', `Other columns name this one: ${users.join(', ')}. Change or delete them first.`);
}

function refuseTakenName(error: unknown): never {
  if (violatesUnique(error, 'list_column_name')) {
    throw conflict('column_name_taken', 'The list has a column of this name already.');
  }
  throw error;
}
