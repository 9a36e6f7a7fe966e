import type { Sql } from '../database/sql.js';
import type { ListRef } from './list-record.js';
import type { CellReason, CellStatus, CellView, Entity, RowView } from './row.schema.js';

/** What one answer holds of entities and values: it ends with the row before this is exceeded. */
export const MAX_BYTES_PER_READ = 8 * 1024 * 1024;

interface RowRecord {
  readonly id: string;
  readonly row_no: number;
  readonly entity: Entity;
}

interface CellRecord {
  readonly row_id: string;
  readonly column_id: string;
  readonly status: CellStatus;
  readonly value: CellView['value'];
  readonly version_id: number | null;
  readonly edited: boolean;
  readonly reason: CellReason | null;
  readonly stale: boolean;
}

/** A filled cell is stale when what its value was made from has changed since: the row, or a cell that its column names. An edit by hand never is. */
export const STALE_SQL = `coalesce(c.status = 'filled' and not c.edited
  and (c.made_from < r.entity_version or (c.made_from_inputs is not null and inputs_changed(c))), false)`;

/** A cell that nobody ever touched. */
export const BLANK_CELL: CellView = { status: 'blank', value: null, stale: false, version: null, edited: false };

export interface NumberedRow extends RowView {
  /** Immutable number of the row; pages of a collection continue after it. */
  readonly rowNo: number;
}

/** How many rows of the list exist. */
export async function countRows(sql: Sql, { workspaceId, listId }: ListRef): Promise<number> {
  const { count } = await sql.one<{ count: number }>(
    'select count(*) from list_row where workspace_id = $1 and list_id = $2 and deleted_at is null',
    [workspaceId, listId],
  );
  return count;
}

/**
 * The number of the row at a position among the rows that exist (or the number after the last one). Numbers have no gaps
 * but deleted rows, so each round adds the deleted rows seen so far, until there are no more of them.
 */
export async function rowNoAt(sql: Sql, { workspaceId, listId }: ListRef, position: number): Promise<number> {
  const { row_no } = await sql.one<{ row_no: number }>(
    `with recursive seek (row_no) as (
       select $3::bigint + 1
       union
       select $3::bigint + 1 + (select count(*) from list_row d
         where d.workspace_id = $1 and d.list_id = $2 and d.deleted_at is not null and d.row_no <= seek.row_no)
       from seek)
     select max(row_no) as row_no from seek`,
    [workspaceId, listId, position],
  );
  return row_no;
}

export interface Span {
  readonly fromRowNo: number;
  readonly limit: number;
  /** Rows end before their entities and values have more bytes than this, but there is one at least. */
  readonly maxBytes?: number;
}

/**
 * Rows that exist from a row number on, in order, without their cells. A row weighs anything between a few bytes and
 * megabytes, so the walk goes from row to row and reads none beyond the one that is too much.
 */
export async function readEntities(
  sql: Sql,
  { workspaceId, listId }: ListRef,
  { fromRowNo, limit, maxBytes }: Span,
): Promise<RowRecord[]> {
  if (maxBytes === undefined) {
    return sql.rows<RowRecord>(
      `select id, row_no, entity from list_row
       where workspace_id = $1 and list_id = $2 and row_no >= $3 and deleted_at is null order by row_no limit $4`,
      [workspaceId, listId, fromRowNo, limit],
    );
  }
  return sql.rows<RowRecord>(
    `with recursive span as (
       (select 1 as place, r.id, r.row_no, r.entity, ${BYTES_SQL} as bytes from list_row r
        where r.workspace_id = $1 and r.list_id = $2 and r.row_no >= $3 and r.deleted_at is null and $4 > 0
        order by r.row_no limit 1)
       union all
       select s.place + 1, n.id, n.row_no, n.entity, s.bytes + n.bytes from span s cross join lateral (
         select r.id, r.row_no, r.entity, ${BYTES_SQL} as bytes from list_row r
         where r.workspace_id = $1 and r.list_id = $2 and r.row_no > s.row_no and r.deleted_at is null
         order by r.row_no limit 1) n
       where s.place < $4 and s.bytes + n.bytes <= $5)
     select id, row_no, entity from span order by row_no`,
    [workspaceId, listId, fromRowNo, limit, maxBytes],
  );
}

/** What a row weighs when it is told: its entity, and the values of its cells. */
const BYTES_SQL = `octet_length(r.entity::text) + (select coalesce(sum(octet_length(c.value::text)), 0) from cell c
  where c.workspace_id = r.workspace_id and c.row_id = r.id)`;

/** Rows that exist from a row number on, in order, with the cells of all columns. Read it in a snapshot transaction. */
export async function readRows(sql: Sql, ref: ListRef, span: Span): Promise<NumberedRow[]> {
  const rows = await readEntities(sql, ref, span);
  const [first] = rows;
  if (!first) return [];
  const { gaps } = await sql.one<{ gaps: number }>(
    `select count(*) as gaps from list_row
     where workspace_id = $1 and list_id = $2 and row_no < $3 and deleted_at is not null`,
    [ref.workspaceId, ref.listId, first.row_no],
  );
  const cells = await readCells(
    sql,
    ref,
    rows.map((row) => row.id),
  );
  return rows.map(({ id, row_no, entity }, index) => ({
    id,
    rowNo: row_no,
    position: first.row_no - 1 - gaps + index,
    entity,
    cells: cells.get(id) ?? {},
  }));
}

/** The cells of rows by row and column; those that were never touched are blank. */
async function readCells(
  sql: Sql,
  { workspaceId, listId }: ListRef,
  rowIds: readonly string[],
): Promise<Map<string, Record<string, CellView>>> {
  const columns = await sql.rows<{ id: string }>(
    'select id from list_column where workspace_id = $1 and list_id = $2 and deleted_at is null order by position, id',
    [workspaceId, listId],
  );
  const blank = Object.fromEntries(columns.map(({ id }) => [id, BLANK_CELL]));
  const byRow = new Map(rowIds.map((rowId) => [rowId, { ...blank }]));
  const touched = await sql.rows<CellRecord>(
    `select c.row_id, c.column_id, c.status, c.value, c.version_id, c.edited, c.reason, ${STALE_SQL} as stale
     from cell c join list_row r on r.workspace_id = c.workspace_id and r.id = c.row_id
     where c.workspace_id = $1 and c.row_id = any ($2) and c.column_id = any ($3)`,
    [workspaceId, rowIds, columns.map(({ id }) => id)],
  );
  for (const cell of touched) {
    const row = byRow.get(cell.row_id);
    if (row) row[cell.column_id] = toCellView(cell);
  }
  return byRow;
}

/** A cell as the grid shows it. */
export const toCellView = (cell: Omit<CellRecord, 'row_id' | 'column_id'>): CellView => ({
  status: cell.status,
  value: cell.value,
  stale: cell.stale,
  version: cell.version_id,
  edited: cell.edited,
  ...(cell.reason && { reason: cell.reason }),
});
