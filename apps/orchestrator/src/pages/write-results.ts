import type { CellResult } from '@uno/workflow-contracts';
import { prepared } from '../database/sql.js';
import type { Sql } from '../database/sql.js';

export interface ResultBatch {
  readonly workspaceId: string;
  readonly listId: string;
  readonly jobId: string;
  readonly pageNo: number;
  readonly attempt: number;
  /** Credits per filled cell of each column. */
  readonly prices: ReadonlyMap<string, number>;
}

export interface SettledCounts {
  readonly settled: number;
  readonly rowIds: readonly string[];
  readonly columnIds: readonly string[];
}

const ROW_DELETED = { code: 'deleted', message: 'The row was deleted while the job ran.' };

/** A cell of the batch that is pending under the job's claim, and locked. */
export interface OpenCell {
  readonly row_id: string;
  readonly column_id: string;
  /** Whether its row was deleted meanwhile. */
  readonly deleted: boolean;
}

/**
 * Locks the cells of these results that are still open. The lock is a statement of its own: a user's edit may be in flight,
 * and what is written afterwards must see its outcome. The caller holds the page lock.
 */
export async function lockOpenCells(
  sql: Sql,
  { workspaceId, jobId, pageNo }: Pick<ResultBatch, 'workspaceId' | 'jobId' | 'pageNo'>,
  results: readonly Pick<CellResult, 'rowId' | 'columnId'>[],
): Promise<OpenCell[]> {
  return sql.rows<OpenCell>(
    `select c.row_id, c.column_id, r.deleted_at is not null as deleted from cell c join list_row r on r.workspace_id = c.workspace_id and r.id = c.row_id
     join unnest($4::text[], $5::text[]) as k (row_id, column_id) on k.row_id = c.row_id and k.column_id = c.column_id
     where c.workspace_id = $1 and c.job_id = $2 and c.page_no = $3 and c.status = 'pending'
     order by c.row_id, c.column_id for update of c`,
    [workspaceId, jobId, pageNo, results.map(({ rowId }) => rowId), results.map(({ columnId }) => columnId)],
  );
}

/**
 * Writes results to the cells that are still pending under this job's claim, one version each, and counts them on the
 * page. The caller holds the locks of the page and of the open cells. What is not pending any more (settled before, edited by
 * hand) is left alone, so a repeat changes nothing. Of a row that was deleted meanwhile no result is kept: its cells are skipped
 * and cost nothing.
 */
export async function writeResults(
  sql: Sql,
  batch: ResultBatch,
  { open, results }: { readonly open: readonly OpenCell[]; readonly results: readonly CellResult[] },
): Promise<SettledCounts> {
  const stillOpen = new Map(open.map(({ row_id, column_id, deleted }) => [`${row_id} ${column_id}`, deleted]));
  const writable = new Map<string, CellResult>();
  for (const result of results) {
    const key = `${result.rowId} ${result.columnId}`;
    if (!stillOpen.has(key) || writable.has(key)) continue;
    const { rowId, columnId } = result;
    writable.set(key, stillOpen.get(key) ? { rowId, columnId, status: 'skipped', reason: ROW_DELETED } : result);
  }
  const written = [...writable.values()];
  if (written.length === 0) return { settled: 0, rowIds: [], columnIds: [] };
  await Promise.all([writeVersions(sql, batch, written), countOnPage(sql, batch, written)]);
  return {
    settled: written.length,
    rowIds: [...new Set(written.map(({ rowId }) => rowId))],
    columnIds: [...new Set(written.map(({ columnId }) => columnId))],
  };
}

/** A try that found nothing or failed is recorded, but a value that was there before it stays in the cell. */
const KEEPS_FORMER = `(v.status <> 'filled' and c.former_status is not distinct from 'filled')`;

async function writeVersions(sql: Sql, batch: ResultBatch, results: readonly CellResult[]): Promise<void> {
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  await sql.run(
    `with result as (
       select * from unnest($6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::integer[])
         as r (row_id, column_id, status, value, reason, provenance, cost)),
     version as (
       insert into cell_version (workspace_id, list_id, row_id, column_id, status, value, reason, provenance, author,
                                 job_id, page_no, attempt, cost, made_from, made_from_inputs)
       select $1, $2, r.row_id, r.column_id, r.status, r.value::jsonb, r.reason::jsonb, r.provenance::jsonb, 'job',
              $3, $4, $5, r.cost, c.claimed_from, c.claimed_inputs
       from result r join cell c on c.workspace_id = $1 and c.row_id = r.row_id and c.column_id = r.column_id
       returning id, row_id, column_id, status, value, reason, made_from, made_from_inputs)
     update cell c set
       status = case when ${KEEPS_FORMER} then 'filled' else v.status end,
       value = case when ${KEEPS_FORMER} then c.value else v.value end,
       reason = case when ${KEEPS_FORMER} then c.reason else v.reason end,
       version_id = case when ${KEEPS_FORMER} then c.version_id else v.id end,
       made_from = case when ${KEEPS_FORMER} then c.made_from else v.made_from end,
       made_from_inputs = case when ${KEEPS_FORMER} then c.made_from_inputs else v.made_from_inputs end,
       edited = ${KEEPS_FORMER} and c.edited,
       updated_at = now()
     from version v where c.workspace_id = $1 and c.row_id = v.row_id and c.column_id = v.column_id`,
    [
      batch.workspaceId,
      batch.listId,
      batch.jobId,
      batch.pageNo,
      batch.attempt,
      results.map(({ rowId }) => rowId),
      results.map(({ columnId }) => columnId),
      results.map(({ status }) => status),
      results.map(({ status, value }) => (status === 'filled' ? json(value) : null)),
      results.map(({ reason }) => json(reason)),
      results.map(({ provenance }) => json(provenance)),
      results.map(({ status, columnId }) => (status === 'filled' ? (batch.prices.get(columnId) ?? 0) : 0)),
    ],
  );
}

const COUNT_ON_PAGE = prepared(
  `update job_page set filled = filled + $4, not_found = not_found + $5, error = error + $6, skipped = skipped + $7,
     skipped_by = add_counts(skipped_by, $8::jsonb)
   where workspace_id = $1 and job_id = $2 and page_no = $3`,
);

async function countOnPage(sql: Sql, batch: ResultBatch, results: readonly CellResult[]): Promise<void> {
  const count = (status: CellResult['status']): number => results.filter((result) => result.status === status).length;
  const skippedBy: Record<string, number> = {};
  for (const { status, reason } of results) {
    if (status === 'skipped') skippedBy[reason?.code ?? 'skipped'] = (skippedBy[reason?.code ?? 'skipped'] ?? 0) + 1;
  }
  await sql.run(COUNT_ON_PAGE, [
    batch.workspaceId,
    batch.jobId,
    batch.pageNo,
    count('filled'),
    count('not_found'),
    count('error'),
    count('skipped'),
    skippedBy,
  ]);
}
