import type { JobRef } from '@uno/workflow-contracts';
import { alteredCells } from '../cells/altered-cell.js';
import type { AlteredCell } from '../cells/altered-cell.js';
import type { Database } from '../database/database.js';
import { FINAL_STATES } from '../jobs/job-lock.js';
import type { CaptureRow } from './billing-audit.client.js';

/** Pages whose versions are read at a time. */
const PAGES_PER_READ = 4;
/** Altered cells told of so many pages at most. */
const MOST_ALTERED = 1_000;

/** A job in one of these moves no money and no cell any more: it is final, or parked with all of both put right (rule R8). */
export const SETTLED_STATES: readonly string[] = [...FINAL_STATES, 'compensation_failed'];

/** What our database says of a job, for the laws: rows, not the counters that the protocol keeps. */
export interface JobFacts extends JobRef {
  readonly state: string;
  readonly undoMode: 'rollback' | 'keep' | null;
  /** Price of each planned column. */
  readonly prices: ReadonlyMap<string, number>;
  readonly holds: readonly { readonly n: number; readonly amount: number; readonly holdId: string | null }[];
}

/** Undefined: the workspace has no such job, or it is not settled yet and its money may move. */
export async function readSettledJob(database: Database, job: JobRef): Promise<JobFacts | undefined> {
  return database.inWorkspace(job.workspaceId, async (sql) => {
    const found = await sql.row<{
      state: string;
      undo_mode: JobFacts['undoMode'];
      columns: { id: string; price: number }[];
    }>(
      `select state, undo_mode, plan -> 'columns' as columns from job
       where workspace_id = $1 and id = $2 and state = any ($3)`,
      [job.workspaceId, job.jobId, SETTLED_STATES],
    );
    if (!found) return undefined;
    const holds = await sql.rows<{ n: number; amount: number; holdId: string | null }>(
      'select n, amount, hold_id as "holdId" from job_hold where workspace_id = $1 and job_id = $2',
      [job.workspaceId, job.jobId],
    );
    const prices = new Map(found.columns.map(({ id, price }) => [id, price] as const));
    return { ...job, state: found.state, undoMode: found.undo_mode, prices, holds };
  });
}

/** Our side of a captured line: its cell version, and its line of a page's manifest. */
export interface OurCell {
  readonly id: string;
  readonly job_id: string | null;
  readonly row_id: string | null;
  readonly column_id: string | null;
  readonly page_no: number | null;
  /** Filled by a job and not restored. */
  readonly stands: boolean;
  readonly manifest_job: string | null;
  readonly manifest_row: string | null;
  readonly manifest_column: string | null;
  readonly manifest_page: number | null;
  readonly manifest_price: number | null;
  readonly sealed: boolean;
}

/** Reads our side of the lines of some captures, by the id of the cell version. */
export async function readOurCells(
  database: Database,
  workspaceId: string,
  captures: readonly CaptureRow[],
): Promise<ReadonlyMap<string, OurCell>> {
  const ids = captures.flatMap(({ lines }) => lines.map(({ cellVersionId }) => cellVersionId));
  const ours = ids.filter((id) => /^\d{1,18}$/.test(id));
  const rows = await database.inWorkspace(workspaceId, (sql) =>
    sql.rows<OurCell>(
      `select k.id::text, v.job_id, v.row_id, v.column_id, v.page_no,
         coalesce(v.author = 'job' and v.status = 'filled' and v.restored_at is null, false) as stands,
         m.job_id as manifest_job, m.row_id as manifest_row, m.column_id as manifest_column, m.page_no as manifest_page,
         m.price as manifest_price, p.sealed_at is not null as sealed
       from unnest($2::bigint[]) as k (id)
       left join cell_version v on v.workspace_id = $1 and v.id = k.id
       left join capture_line m on m.workspace_id = $1 and m.cell_version_id = k.id
       left join job_page p on p.workspace_id = $1 and p.job_id = m.job_id and p.page_no = m.page_no`,
      [workspaceId, ours],
    ),
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** A cell version that the job filled and that stands. */
export interface FilledVersion {
  readonly id: string;
  readonly rowId: string;
  readonly columnId: string;
  readonly pageNo: number;
}

/** A few pages of a job as they stand: what it filled, and its cells that show something else. */
export interface PagesAsTheyStand {
  /** Filled versions that were not restored. */
  readonly filled: readonly FilledVersion[];
  readonly altered: readonly AlteredCell[];
}

/** The pages of a job, a few at a time. */
export async function* pagesAsTheyStand(database: Database, job: JobRef): AsyncGenerator<PagesAsTheyStand> {
  const { workspaceId, jobId } = job;
  const last = await database.inWorkspace(workspaceId, (sql) =>
    sql.one<{ page_no: number | null }>(
      'select max(page_no) as page_no from cell_version where workspace_id = $1 and job_id = $2',
      [workspaceId, jobId],
    ),
  );
  for (let fromPage = 0; last.page_no !== null && fromPage <= last.page_no; fromPage += PAGES_PER_READ) {
    const toPage = fromPage + PAGES_PER_READ;
    yield await database.inWorkspace(workspaceId, async (sql) => ({
      filled: await sql.rows<FilledVersion>(
        `select id::text, row_id as "rowId", column_id as "columnId", page_no as "pageNo" from cell_version
         where workspace_id = $1 and job_id = $2 and page_no >= $3 and page_no < $4
           and author = 'job' and status = 'filled' and restored_at is null`,
        [workspaceId, jobId, fromPage, toPage],
      ),
      altered: await alteredCells(sql, job, { fromPage, toPage, limit: MOST_ALTERED }),
    }));
  }
}
