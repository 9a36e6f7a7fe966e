import type { JobRef } from '@uno/workflow-contracts';
import type { Sql } from '../database/sql.js';

export interface AlteredCell {
  /** The last version that the job wrote into the cell. */
  readonly id: string;
  readonly rowId: string;
  readonly columnId: string;
  readonly pageNo: number;
}

/**
 * Cells that a job wrote and that do not show what they should: a cell shows state and value of its version, one that was
 * not restored, and the job's own filled one where none came later. What a user wrote is the user's, and a pending cell is
 * its job's. A cell lies on one page of a job, so pages may be read a few at a time.
 */
export async function alteredCells(
  sql: Sql,
  { workspaceId, jobId }: JobRef,
  { fromPage = 0, toPage = 2 ** 31 - 1, limit }: { fromPage?: number; toPage?: number; limit: number },
): Promise<AlteredCell[]> {
  return sql.rows<AlteredCell>(
    `select mine.id::text, mine.row_id as "rowId", mine.column_id as "columnId", mine.page_no as "pageNo"
     from (select distinct on (row_id, column_id) row_id, column_id, page_no, id, status, restored_at from cell_version
           where workspace_id = $1 and job_id = $2 and page_no >= $3 and page_no < $4
           order by row_id, column_id, id desc) mine
     left join cell c on c.workspace_id = $1 and c.row_id = mine.row_id and c.column_id = mine.column_id
     left join cell_version shown on shown.workspace_id = $1 and shown.id = c.version_id
       and shown.row_id = mine.row_id and shown.column_id = mine.column_id
     where c.row_id is null or c.status <> 'pending' and (
       (coalesce(shown.author, 'job') = 'job' and (c.status, c.value, null::timestamptz)
         is distinct from (coalesce(shown.status, 'blank'), shown.value, shown.restored_at))
       or (shown.id is distinct from mine.id and mine.status = 'filled' and mine.restored_at is null and not exists (
         select from cell_version later where later.workspace_id = $1 and later.row_id = mine.row_id
           and later.column_id = mine.column_id and later.id > mine.id)))
     limit $5`,
    [workspaceId, jobId, fromPage, toPage, limit],
  );
}
