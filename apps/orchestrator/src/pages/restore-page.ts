import type { Database } from '../database/database.js';
import { appendListEvent } from '../database/list-events.js';
import { enterAsOwner } from '../jobs/job-lock.js';
import type { Fence } from '../jobs/job-lock.js';
import { CELLS_OF_PAGE, cellsOfPageParams, lockPage } from './page-lock.js';

/**
 * Restores a page (rule R7) in one transaction. Every version the job wrote on it is marked as restored, even where the
 * cell was edited since; a cell gets its former value back only where its current version is one of those, or where it is
 * pending under this job's claim. Idempotent.
 * @throws `Superseded` when the fence is old
 */
export async function restorePage(database: Database, by: Fence, pageNo: number): Promise<void> {
  await database.inWorkspace(by.workspaceId, async (sql) => {
    const job = await enterAsOwner(sql, by);
    const page = await lockPage(sql, by, pageNo);
    if (!page || page.state === 'restored') return;
    const params = cellsOfPageParams(by, job.list_id, page, pageNo);
    await sql.run(`select 1 from ${CELLS_OF_PAGE} order by c.row_id, c.column_id for update of c`, params);
    const restored = await sql.rows<{ row_id: string; column_id: string }>(
      `with mine as (
         select c.row_id, c.column_id, c.former_status, c.former_version_id from ${CELLS_OF_PAGE}
           and (c.status = 'pending' or exists (
             select 1 from cell_version v where v.workspace_id = $1 and v.id = c.version_id and v.job_id = $5)))
       update cell c set status = coalesce(m.former_status, 'blank'), value = f.value, reason = f.reason,
         version_id = f.id, edited = coalesce(f.author = 'user', false), made_from = f.made_from,
         made_from_inputs = f.made_from_inputs, updated_at = now()
       from mine m left join cell_version f on f.workspace_id = $1 and f.id = m.former_version_id
       where c.workspace_id = $1 and c.row_id = m.row_id and c.column_id = m.column_id
       returning c.row_id, c.column_id`,
      params,
    );
    await sql.run(
      `update cell_version set restored_at = clock_timestamp()
       where workspace_id = $1 and job_id = $2 and page_no = $3 and restored_at is null`,
      [by.workspaceId, by.jobId, pageNo],
    );
    await sql.run(
      `update job_page set state = 'restored', restored_at = clock_timestamp()
       where workspace_id = $1 and job_id = $2 and page_no = $3`,
      [by.workspaceId, by.jobId, pageNo],
    );
    await appendListEvent(sql, by.workspaceId, job.list_id, {
      jobId: by.jobId,
      rowIds: [...new Set(restored.map(({ row_id }) => row_id))],
      columnIds: [...new Set(restored.map(({ column_id }) => column_id))],
    });
  });
}
