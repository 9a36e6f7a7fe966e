import type { Sql } from '../database/sql.js';
import type { ListRef } from '../lists/list-record.js';
import type { CellView } from '../lists/row.schema.js';
import { BLANK_CELL, STALE_SQL, toCellView } from '../lists/row-window.js';
import { notFound } from '../problems/problem.error.js';
import type { CellDetails, CellVersion } from './cell.schema.js';
import { MAX_VERSIONS_SHOWN } from './cell.schema.js';

export interface CellRef extends ListRef {
  readonly rowId: string;
  readonly columnId: string;
}

interface VersionRecord {
  readonly id: number;
  readonly status: CellVersion['status'];
  readonly value: CellVersion['value'];
  readonly reason: CellVersion['reason'];
  readonly provenance: CellVersion['provenance'];
  readonly author: CellVersion['author'];
  readonly job_id: string | null;
  readonly page_no: number | null;
  readonly attempt: number | null;
  readonly cost: number;
  readonly created_at: Date;
  readonly restored_at: Date | null;
}

interface CellRecord {
  readonly status: CellView['status'];
  readonly value: CellView['value'];
  readonly version_id: number | null;
  readonly edited: boolean;
  readonly reason: CellView['reason'] | null;
  readonly stale: boolean;
  readonly job_id: string | null;
}

/** The version of the row that a cell of the list stands in. @throws ProblemError 404 */
export async function readEntityVersion(sql: Sql, ref: CellRef): Promise<number> {
  const found = await sql.row<{ entity_version: number }>(
    `select r.entity_version from list_row r
     join list l on l.workspace_id = r.workspace_id and l.id = r.list_id and l.deleted_at is null
     join list_column k on k.workspace_id = r.workspace_id and k.list_id = r.list_id and k.id = $4 and k.deleted_at is null
     where r.workspace_id = $1 and r.list_id = $2 and r.id = $3 and r.deleted_at is null`,
    [ref.workspaceId, ref.listId, ref.rowId, ref.columnId],
  );
  if (!found) throw notFound('cell');
  return found.entity_version;
}

/** A cell with its history. @throws ProblemError 404 */
export async function readCell(sql: Sql, ref: CellRef): Promise<CellDetails> {
  await readEntityVersion(sql, ref);
  const cell = await sql.row<CellRecord>(
    `select c.status, c.value, c.version_id, c.edited, c.reason, c.job_id, ${STALE_SQL} as stale
     from cell c join list_row r on r.workspace_id = c.workspace_id and r.id = c.row_id
     where c.workspace_id = $1 and c.row_id = $2 and c.column_id = $3`,
    [ref.workspaceId, ref.rowId, ref.columnId],
  );
  const records = await sql.rows<VersionRecord>(
    `select id, status, value, reason, provenance, author, job_id, page_no, attempt, cost, created_at, restored_at
     from cell_version where workspace_id = $1 and row_id = $2 and column_id = $3 order by id desc limit $4`,
    [ref.workspaceId, ref.rowId, ref.columnId, MAX_VERSIONS_SHOWN],
  );
  const versions = records.map(toVersion);
  const current = versions.find(({ id }) => id === cell?.version_id);
  return {
    rowId: ref.rowId,
    columnId: ref.columnId,
    ...(cell ? toCellView({ ...cell, reason: cell.reason ?? null }) : BLANK_CELL),
    cost: current?.cost ?? 0,
    provenance: current?.provenance ?? null,
    // The record keeps its last claim after an edit; with the user's value it has nothing to do.
    jobId: cell && (cell.status === 'pending' || !cell.edited) ? cell.job_id : null,
    versions,
  };
}

const toVersion = (record: VersionRecord): CellVersion => ({
  id: record.id,
  status: record.status,
  value: record.value,
  reason: record.reason,
  provenance: record.provenance,
  author: record.author,
  jobId: record.job_id,
  page: record.page_no,
  attempt: record.attempt,
  cost: record.cost,
  createdAt: record.created_at.toISOString(),
  restoredAt: record.restored_at?.toISOString() ?? null,
});
