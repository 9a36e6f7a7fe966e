import type { CellResult } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import { appendListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import { enterAsOwner, superseded } from '../jobs/job-lock.js';
import type { Fence, JobHead } from '../jobs/job-lock.js';
import { lockPage } from './page-lock.js';
import { lockOpenCells, writeResults } from './write-results.js';

const NOT_SETTLED = {
  code: 'not_settled',
  message: 'The service ended its page without an answer for this cell. Fill it again.',
};

/**
 * Seals a page (rule R3) in one transaction: cells still open become errors, the capture manifest is written for ever, the
 * reserved rest goes back to the budget. Nothing can be added afterwards. Idempotent: a sealed page stays as it is.
 * @throws `Superseded` when the fence is old
 */
export async function sealPage(database: Database, by: Fence, pageNo: number): Promise<void> {
  await database.inWorkspace(by.workspaceId, async (sql) => {
    const job = await enterAsOwner(sql, by);
    await sql.run('select 1 from job_budget where workspace_id = $1 and job_id = $2 for update', [
      by.workspaceId,
      by.jobId,
    ]);
    const page = await lockPage(sql, by, pageNo);
    if (!page || page.state === 'restored') throw superseded(by.jobId);
    if (page.state !== 'open') return;
    const closed = await settleOpenCells(sql, by, { job, pageNo });
    await writeManifest(sql, by, pageNo);
    await appendListEvent(sql, by.workspaceId, job.list_id, { jobId: by.jobId, ...closed });
  });
}

async function settleOpenCells(
  sql: Sql,
  by: Fence,
  { job, pageNo }: { job: JobHead; pageNo: number },
): Promise<{ rowIds: readonly string[]; columnIds: readonly string[] }> {
  const pending = await sql.rows<{ row_id: string; column_id: string }>(
    `select row_id, column_id from cell where workspace_id = $1 and job_id = $2 and page_no = $3 and status = 'pending'`,
    [by.workspaceId, by.jobId, pageNo],
  );
  if (pending.length === 0) return { rowIds: [], columnIds: [] };
  const results = pending.map(({ row_id, column_id }): CellResult => ({
    rowId: row_id,
    columnId: column_id,
    status: 'error',
    reason: NOT_SETTLED,
  }));
  const open = await lockOpenCells(sql, { ...by, pageNo }, results);
  return writeResults(sql, { ...by, listId: job.list_id, pageNo, attempt: 0, prices: new Map() }, { open, results });
}

async function writeManifest(sql: Sql, by: Fence, pageNo: number): Promise<void> {
  const { amount } = await sql.one<{ amount: number }>(
    `with line as (
       insert into capture_line (workspace_id, job_id, page_no, cell_version_id, column_id, row_id, price)
       select workspace_id, job_id, page_no, id, column_id, row_id, cost from cell_version
       where workspace_id = $1 and job_id = $2 and page_no = $3 and status = 'filled' and restored_at is null and cost > 0
       returning price)
     select coalesce(sum(price), 0)::integer as amount from line`,
    [by.workspaceId, by.jobId, pageNo],
  );
  await sql.run(
    `with page as (
       update job_page set state = 'sealed', amount = $4, sealed_at = clock_timestamp()
       where workspace_id = $1 and job_id = $2 and page_no = $3 returning reserved)
     update job_budget set remaining = remaining + page.reserved - $4 from page where workspace_id = $1 and job_id = $2`,
    [by.workspaceId, by.jobId, pageNo, amount],
  );
}
