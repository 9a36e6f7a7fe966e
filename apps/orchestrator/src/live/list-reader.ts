import type { ListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import type { ListRef } from '../lists/list-record.js';
import { MAX_BYTES_PER_READ, countRows, readEntities, rowNoAt, STALE_SQL, toCellView } from '../lists/row-window.js';
import type { LiveCell, LiveRow, RowWindow } from './live-messages.js';

export interface SequencedEvent {
  readonly seq: number;
  readonly payload: ListEvent;
}

type CellRecord = Parameters<typeof toCellView>[0] & { readonly row_id: string; readonly column_id: string };

/** How many of a list's latest jobs a snapshot tells of, besides all that are not final. */
const RECENT_JOBS = 20;

/** What the live updates read of one list, in one transaction. */
export class ListReader {
  readonly #sql: Sql;
  readonly #ref: ListRef;
  readonly #key: readonly [workspaceId: string, listId: string];

  constructor(sql: Sql, ref: ListRef) {
    this.#sql = sql;
    this.#ref = ref;
    this.#key = [ref.workspaceId, ref.listId];
  }

  /** The sequence of the latest event; undefined where the list does not exist (any more) in this workspace. */
  async head(): Promise<number | undefined> {
    const found = await this.#sql.row<{ seq: number }>(
      `select s.seq from list_sequence s join list l on l.workspace_id = s.workspace_id and l.id = s.list_id
       where s.workspace_id = $1 and s.list_id = $2 and l.deleted_at is null`,
      this.#key,
    );
    return found?.seq;
  }

  async eventsAfter(seq: number): Promise<SequencedEvent[]> {
    return this.#sql.rows<SequencedEvent>(
      'select seq, payload from list_event where workspace_id = $1 and list_id = $2 and seq > $3 order by seq',
      [...this.#key, seq],
    );
  }

  async dependants(): Promise<Map<string, string[]>> {
    const found = await this.#sql.rows<{ input: string; columns: string[] }>(
      `select input, array_agg(id) as columns from list_column, unnest(depends_on) as input
       where workspace_id = $1 and list_id = $2 and deleted_at is null group by input`,
      this.#key,
    );
    return new Map(found.map(({ input, columns }) => [input, columns]));
  }

  async rowCount(): Promise<number> {
    return countRows(this.#sql, this.#ref);
  }

  /** The rows of a window; of one that weighs too much, the first ones. */
  async rows({ from, count }: RowWindow): Promise<LiveRow[]> {
    if (count === 0) return [];
    const fromRowNo = await rowNoAt(this.#sql, this.#ref, from);
    const rows = await readEntities(this.#sql, this.#ref, { fromRowNo, limit: count, maxBytes: MAX_BYTES_PER_READ });
    return rows.map(({ id, entity }, index) => ({ id, entity, position: from + index }));
  }

  /** Every cell of these rows that was ever touched, in columns that still exist. */
  async cells(rowIds: readonly string[]): Promise<LiveCell[]> {
    if (rowIds.length === 0) return [];
    const records = await this.#sql.rows<CellRecord>(
      `select c.row_id, c.column_id, c.status, c.value, c.version_id, c.edited, c.reason, coalesce(${STALE_SQL}, false) as stale
       from cell c
       join list_row r on r.workspace_id = c.workspace_id and r.id = c.row_id
       join list_column k on k.workspace_id = c.workspace_id and k.id = c.column_id and k.deleted_at is null
       where c.workspace_id = $1 and r.list_id = $2 and c.row_id = any ($3)`,
      [...this.#key, rowIds],
    );
    return records.map((record) => ({ rowId: record.row_id, columnId: record.column_id, ...toCellView(record) }));
  }

  async currentJobIds(): Promise<string[]> {
    const jobs = await this.#sql.rows<{ id: string }>(
      `(select id from job where workspace_id = $1 and list_id = $2 order by created_at desc limit ${RECENT_JOBS})
       union
       select id from job where workspace_id = $1 and list_id = $2 and state not in ('completed', 'failed', 'cancelled')`,
      this.#key,
    );
    return jobs.map(({ id }) => id);
  }
}
