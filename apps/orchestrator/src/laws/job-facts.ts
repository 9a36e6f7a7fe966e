import type { JobRef } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import type { CaptureRow } from './billing-audit.client.js';

/** Pages whose versions are read at a time. */
const PAGES_PER_READ = 4;

/** What our database says of a job, for the laws: rows, not the counters that the protocol keeps. */
export interface JobFacts extends JobRef {
  readonly state: string;
  readonly undoMode: 'rollback' | 'keep' | null;
  /** Price of each planned column. */
  readonly prices: ReadonlyMap<string, number>;
  readonly holds: readonly { readonly n: number; readonly amount: number; readonly holdId: string | null }[];
}

/** Undefined: the workspace has no such job, or it is not final yet and its money may move. */
export async function readFinalJob(database: Database, job: JobRef): Promise<JobFacts | undefined> {
  return database.inWorkspace(job.workspaceId, async (sql) => {
    const found = await sql.row<{
      state: string;
      undo_mode: JobFacts['undoMode'];
      columns: { id: string; price: number }[];
    }>(
      `select state, undo_mode, plan -> 'columns' as columns from job
       where workspace_id = $1 and id = $2 and state in ('completed', 'failed', 'cancelled')`,
      [job.workspaceId, job.jobId],
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
         m.job_id as manifest_job, m.page_no as manifest_page, m.price as manifest_price, p.sealed_at is not null as sealed
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
  /** The cell shows neither this nor what came after it. */
  readonly altered: boolean;
}

/**
 * Whether cell `c` fails to show what it should: state and value of a version that stands, this one unless another came later.
 * What a user wrote is the user's, and a pending cell is its job's.
 */
const ALTERED = `c.row_id is null or c.status <> 'pending' and (
  coalesce(shown.author, 'job') = 'job' and (c.status, c.value, null::timestamptz)
    is distinct from (coalesce(shown.status, 'blank'), shown.value, shown.restored_at)
  or shown.id is distinct from v.id and not exists (
    select from cell_version later where later.workspace_id = $1 and later.row_id = v.row_id
      and later.column_id = v.column_id and later.id > v.id))`;

/** The filled versions of a job that were not restored, a few pages at a time. */
export async function* filledVersions(
  database: Database,
  { workspaceId, jobId }: JobRef,
): AsyncGenerator<readonly FilledVersion[]> {
  const last = await database.inWorkspace(workspaceId, (sql) =>
    sql.one<{ page_no: number | null }>(
      'select max(page_no) as page_no from cell_version where workspace_id = $1 and job_id = $2',
      [workspaceId, jobId],
    ),
  );
  for (let from = 0; last.page_no !== null && from <= last.page_no; from += PAGES_PER_READ) {
    yield await database.inWorkspace(workspaceId, (sql) =>
      sql.rows<FilledVersion>(
        `select v.id::text, v.row_id as "rowId", v.column_id as "columnId", v.page_no as "pageNo", ${ALTERED} as altered
         from cell_version v
         left join cell c on c.workspace_id = $1 and c.row_id = v.row_id and c.column_id = v.column_id
         left join cell_version shown on shown.workspace_id = $1 and shown.id = c.version_id
           and shown.row_id = v.row_id and shown.column_id = v.column_id
         where v.workspace_id = $1 and v.job_id = $2 and v.page_no >= $3 and v.page_no < $4
           and v.author = 'job' and v.status = 'filled' and v.restored_at is null`,
        [workspaceId, jobId, from, from + PAGES_PER_READ],
      ),
    );
  }
}
