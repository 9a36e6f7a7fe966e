import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { newId } from '../database/ids.js';
import { appendListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import type { ListColumn } from '../generated/prisma/client.js';
import { withIdempotency } from '../idempotency/idempotency.js';
import type { ListRef } from '../lists/list-record.js';
import { isInLiveJob, lockList } from '../lists/list-record.js';
import { PrismaService } from '../prisma/prisma.service.js';
import { violatesUnique } from '../problems/database-error.js';
import { conflict, invalidRequest, notFound, notSupported, unprocessable } from '../problems/problem.error.js';
import { ConfigValidator } from '../services/config-validator.js';
import type { ColumnChange, ColumnCollection, ColumnView, NewColumn } from './column.schema.js';
import { MAX_COLUMNS_PER_LIST } from './column.schema.js';
import { checkChoices } from './config-choices.js';

export interface ColumnRef extends ListRef {
  readonly columnId: string;
}

interface CatalogueEntry {
  readonly entity_types: readonly string[];
  readonly inputs: string;
  readonly config_schema: Readonly<Record<string, unknown>>;
}

/** Columns of a list: what a service fills, and how. */
@Injectable()
export class ColumnsService {
  constructor(
    private readonly database: Database,
    private readonly prisma: PrismaService,
    private readonly configs: ConfigValidator,
  ) {}

  /** All columns of the list in their order. */
  async all({ workspaceId, listId }: ListRef): Promise<ColumnCollection> {
    return this.prisma.inWorkspace(workspaceId, async (prisma) => {
      const list = await prisma.list.findFirst({ where: { workspaceId, id: listId, deletedAt: null } });
      if (!list) throw notFound('list');
      const found = await prisma.listColumn.findMany({
        where: { workspaceId, listId, deletedAt: null },
        orderBy: [{ position: 'asc' }, { id: 'asc' }],
      });
      return { items: found.map(toView), nextCursor: null };
    });
  }

  /**
   * Adds a column at the end. Idempotent by key.
   * @throws ProblemError 404; 409 `column_name_taken`; 422 `no_identity`, `unknown_service`, `invalid_config`, …
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
  async read({ workspaceId, listId, columnId }: ColumnRef): Promise<ColumnView> {
    const found = await this.prisma.inWorkspace(workspaceId, (prisma) =>
      prisma.listColumn.findFirst({
        where: { workspaceId, listId, id: columnId, deletedAt: null, list: { deletedAt: null } },
      }),
    );
    if (!found) throw notFound('column');
    return toView(found);
  }

  /**
   * Renames a column or gives it another config; a job that is running keeps what its plan pinned.
   * @throws ProblemError 404; 409 `column_name_taken`; 422 `invalid_config`
   */
  async change(ref: ColumnRef, change: ColumnChange): Promise<ColumnView> {
    if (change.runIf !== undefined) throw notSupported('/runIf', 'Conditions are not supported yet.');
    await this.database
      .inWorkspace(ref.workspaceId, async (sql) => {
        const list = await lockList(sql, ref);
        const column = await sql.row<{ service_id: string }>(
          'select service_id from list_column where workspace_id = $1 and list_id = $2 and id = $3 and deleted_at is null',
          [ref.workspaceId, ref.listId, ref.columnId],
        );
        if (!column) throw notFound('column');
        if (change.config) {
          this.#checkConfig(await readService(sql, column.service_id), change.config, list.entity_type);
        }
        await sql.run(
          'update list_column set name = coalesce($3, name), config = coalesce($4, config) where workspace_id = $1 and id = $2',
          [ref.workspaceId, ref.columnId, change.name ?? null, change.config ? JSON.stringify(change.config) : null],
        );
        await appendListEvent(sql, ref.workspaceId, ref.listId, { structure: true });
      })
      .catch(refuseTakenName);
    return this.read(ref);
  }

  /**
   * Hides the column and its cells; versions and ledger stay.
   * @throws ProblemError 404; 409 `column_in_use`
   */
  async remove(ref: ColumnRef): Promise<void> {
    await this.database.inWorkspace(ref.workspaceId, async (sql) => {
      await lockList(sql, ref);
      if (await isInLiveJob(sql, ref, ref.columnId)) {
        throw conflict('column_in_use', 'A job is still working on this column. Cancel it or wait until it has ended.');
      }
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
    if (service.inputs !== 'identity') {
      throw notSupported('/service', 'Columns whose config names other columns are not supported yet.');
    }
    if (Object.keys(list.identity).length === 0) {
      throw unprocessable(
        'no_identity',
        '',
        'Say first which attributes identify an entity: PATCH the list’s identity.',
      );
    }
    this.#checkConfig(service, body.config, list.entity_type);
    const { count, next } = await sql.one<{ count: number; next: number }>(
      `select count(*) filter (where deleted_at is null) as count, coalesce(max(position) + 1, 0) as next
       from list_column where workspace_id = $1 and list_id = $2`,
      [ref.workspaceId, ref.listId],
    );
    if (count >= MAX_COLUMNS_PER_LIST) {
      throw unprocessable('too_many_columns', '', `A list has at most ${MAX_COLUMNS_PER_LIST} columns.`);
    }
    const id = newId('col');
    const { created_at } = await sql.one<{ created_at: Date }>(
      `insert into list_column (workspace_id, id, list_id, name, service_id, config, position)
       values ($1, $2, $3, $4, $5, $6, $7) returning created_at`,
      [ref.workspaceId, id, ref.listId, body.name, body.service, JSON.stringify(body.config), next],
    );
    await appendListEvent(sql, ref.workspaceId, ref.listId, { structure: true });
    const { name, service: serviceId, config } = body;
    return toView({
      id,
      listId: ref.listId,
      name,
      serviceId,
      config,
      dependsOn: [],
      position: next,
      createdAt: created_at,
    });
  }

  #checkConfig(service: CatalogueEntry, config: NewColumn['config'], entityType: string): void {
    const unfit = checkChoices(service.config_schema, config, entityType);
    const others = this.configs
      .check(service.config_schema, config, '/config')
      .filter(({ pointer }) => unfit.every((fault) => fault.pointer !== pointer));
    const faults = [...unfit, ...others];
    if (faults.length > 0) throw invalidRequest(faults, 'invalid_config');
  }
}

async function readService(sql: Sql, serviceId: string): Promise<CatalogueEntry> {
  const service = await sql.row<CatalogueEntry>(
    'select entity_types, inputs, config_schema from service where id = $1',
    [serviceId],
  );
  if (!service) throw unprocessable('unknown_service', '/service', 'No service of this id is registered.');
  return service;
}

function refuseTakenName(error: unknown): never {
  if (violatesUnique(error, 'list_column_name')) {
    throw conflict('column_name_taken', 'The list has a column of this name already.');
  }
  throw error;
}

const toView = (column: Omit<ListColumn, 'workspaceId' | 'deletedAt'>): ColumnView => ({
  id: column.id,
  listId: column.listId,
  name: column.name,
  service: column.serviceId,
  config: column.config as ColumnView['config'],
  dependsOn: column.dependsOn,
  position: column.position,
  createdAt: column.createdAt.toISOString(),
});
