import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { newId } from '../database/ids.js';
import { appendListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import { withIdempotency } from '../idempotency/idempotency.js';
import { notFound } from '../problems/problem.error.js';
import { guessIdentity } from './guess-identity.js';
import type { ListRef } from './list-record.js';
import { learnAttributes, lockList, readList } from './list-record.js';
import type { CreatedRows, Entity, NewRows, RowPage, RowView, RowsQuery } from './row.schema.js';
import type { NumberedRow } from './row-window.js';
import { MAX_BYTES_PER_READ, countRows, readRows, rowNoAt } from './row-window.js';

export interface RowRef extends ListRef {
  readonly rowId: string;
}

/** Rows of a list. */
@Injectable()
export class RowsService {
  constructor(private readonly database: Database) {}

  /** Rows in order, from a cursor or from a position, read in one snapshot with their cells; fewer where they are large. */
  async page(ref: ListRef, { limit, cursor, fromPosition }: RowsQuery): Promise<RowPage> {
    return this.database.inWorkspace(
      ref.workspaceId,
      async (sql) => {
        await readList(sql, ref);
        const total = await countRows(sql, ref);
        const fromRowNo = fromPosition === undefined ? Number(cursor ?? 0) + 1 : await rowNoAt(sql, ref, fromPosition);
        const rows = await readRows(sql, ref, { fromRowNo, limit, maxBytes: MAX_BYTES_PER_READ });
        const last = rows.at(-1);
        const more = last !== undefined && last.position + 1 < total;
        return { items: rows.map(toView), nextCursor: more ? String(last.rowNo) : null, total };
      },
      { snapshot: true },
    );
  }

  /**
   * Appends up to 1,000 rows. Attributes that the list has not seen are added to it. Idempotent by key.
   * @throws ProblemError 404; 422 `too_many_attributes`
   */
  async add(ref: ListRef, body: NewRows, key: string | undefined): Promise<CreatedRows> {
    const { workspaceId, listId } = ref;
    return this.database.inWorkspace(workspaceId, (sql) =>
      withIdempotency(
        sql,
        { workspaceId, key, request: { route: 'POST /v1/lists/:listId/rows', listId, body } },
        async () => {
          const list = await lockList(sql, ref);
          const entities = body.rows.map(({ entity }) => withoutNulls(entity));
          const names = [...new Set(entities.flatMap((entity) => Object.keys(entity)))];
          await learnAttributes(sql, ref, list, { names, identity: guessIdentity(names, list.entity_type) });
          const rows = await insertRows(sql, ref, entities);
          await appendListEvent(sql, workspaceId, listId, { structure: true, rowIds: rows.map(({ id }) => id) });
          return { items: rows };
        },
      ),
    );
  }

  /**
   * Merges attributes into the row's entity; null takes an attribute away. Values made from the former entity become stale.
   * @throws ProblemError 404; 422 `too_many_attributes`
   */
  async change(ref: RowRef, change: Entity): Promise<RowView> {
    return this.database.inWorkspace(ref.workspaceId, async (sql) => {
      const list = await lockList(sql, ref);
      const names = Object.keys(withoutNulls(change));
      await learnAttributes(sql, ref, list, { names, identity: guessIdentity(names, list.entity_type) });
      const changed = await sql.row<{ row_no: number }>(
        `update list_row set entity = jsonb_strip_nulls(entity || $4), entity_version = entity_version + 1
         where workspace_id = $1 and list_id = $2 and id = $3 and deleted_at is null returning row_no`,
        [ref.workspaceId, ref.listId, ref.rowId, JSON.stringify(change)],
      );
      if (!changed) throw notFound('row');
      const [row] = await readRows(sql, ref, { fromRowNo: changed.row_no, limit: 1 });
      if (!row) throw notFound('row');
      await appendListEvent(sql, ref.workspaceId, ref.listId, { structure: true, rowIds: [ref.rowId] });
      return toView(row);
    });
  }

  /**
   * Hides the row. The counter's lock makes the moment of deletion comparable with the bound that a job's plan was given.
   * @throws ProblemError 404
   */
  async remove(ref: RowRef): Promise<void> {
    await this.database.inWorkspace(ref.workspaceId, async (sql) => {
      await readList(sql, ref);
      await sql.run('select from list_counter where workspace_id = $1 and list_id = $2 for update', [
        ref.workspaceId,
        ref.listId,
      ]);
      const removed = await sql.run(
        `update list_row set deleted_at = clock_timestamp()
         where workspace_id = $1 and list_id = $2 and id = $3 and deleted_at is null`,
        [ref.workspaceId, ref.listId, ref.rowId],
      );
      if (removed === 0) throw notFound('row');
      await appendListEvent(sql, ref.workspaceId, ref.listId, { structure: true, rowIds: [ref.rowId] });
    });
  }
}

async function insertRows(sql: Sql, ref: ListRef, entities: readonly Entity[]): Promise<RowView[]> {
  const { first_row_no } = await sql.one<{ first_row_no: number }>(
    `update list_counter set last_row_no = last_row_no + $3
     where workspace_id = $1 and list_id = $2 returning last_row_no - $3 + 1 as first_row_no`,
    [ref.workspaceId, ref.listId, entities.length],
  );
  await sql.run(
    `insert into list_row (workspace_id, list_id, id, row_no, entity)
     select $1, $2, n.id, $3 + n.place - 1, n.entity::jsonb
     from unnest($4::text[], $5::text[]) with ordinality as n (id, entity, place)`,
    [
      ref.workspaceId,
      ref.listId,
      first_row_no,
      entities.map(() => newId('row')),
      entities.map((entity) => JSON.stringify(entity)),
    ],
  );
  return (await readRows(sql, ref, { fromRowNo: first_row_no, limit: entities.length })).map(toView);
}

const toView = ({ rowNo: _, ...row }: NumberedRow): RowView => row;

const withoutNulls = (entity: Entity): Entity =>
  Object.fromEntries(Object.entries(entity).filter(([, value]) => value !== null));
