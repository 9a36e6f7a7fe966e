import { prepared } from '../database/sql.js';
import type { Sql } from '../database/sql.js';
import { holdsFence, readJobHead, shareJobLock } from '../jobs/job-lock.js';
import type { Fence, JobHead } from '../jobs/job-lock.js';

export interface PageHead {
  readonly state: 'open' | 'sealed' | 'captured' | 'restored';
  readonly stage_no: number;
  readonly from_row_no: number;
  readonly to_row_no: number;
  readonly reserved: number;
  readonly amount: number;
}

const LOCK_PAGE = prepared(
  `select state, stage_no, from_row_no, to_row_no, reserved, amount from job_page
   where workspace_id = $1 and job_id = $2 and page_no = $3 for no key update`,
);

/**
 * Locks a page against every other writer of it. Its counters change with each settle, so the lock is exclusive from the
 * start (share locks that are upgraded would deadlock); the weaker strength lets foreign key checks pass.
 */
export async function lockPage(sql: Sql, by: Fence, pageNo: number): Promise<PageHead | undefined> {
  return sql.row<PageHead>(LOCK_PAGE, [by.workspaceId, by.jobId, pageNo]);
}

/** The job and its open page, locked for a worker's write; undefined when the fence is old or the page is sealed. */
export async function enterOpenPage(
  sql: Sql,
  by: Fence,
  pageNo: number,
): Promise<{ job: JobHead; page: PageHead } | undefined> {
  const [, job, page] = await Promise.all([
    shareJobLock(sql, by.jobId),
    readJobHead(sql, by),
    lockPage(sql, by, pageNo),
  ]);
  return job && holdsFence(job, by) && page?.state === 'open' ? { job, page } : undefined;
}

/** The cells of a page: those its job claimed under its number. Joined through the rows, so that the keys are used. */
export const CELLS_OF_PAGE = `
  cell c join list_row r on r.workspace_id = c.workspace_id and r.id = c.row_id
  where r.workspace_id = $1 and r.list_id = $2 and r.row_no between $3 and $4
    and c.workspace_id = $1 and c.job_id = $5 and c.page_no = $6`;

export const cellsOfPageParams = (by: Fence, listId: string, page: PageHead, pageNo: number): unknown[] => [
  by.workspaceId,
  listId,
  page.from_row_no,
  page.to_row_no,
  by.jobId,
  pageNo,
];
