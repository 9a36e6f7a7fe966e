import type { Sql } from '../database/sql.js';
import type { Plan, PlannedColumn, RowRange } from './plan.js';

/**
 * Why a cell is left out, as an SQL expression over `r` (list_row), `c` (cell, may be absent) and `h` (another live job
 * that holds the cell); null means eligible. One text for the quote and for the claim, so that they cannot disagree.
 * Expects the scope as `$scope` and the switch for hand edits as `$overwrite`.
 */
const SKIP_REASON = `case
  when r.deleted_at is not null then 'deleted'
  when h.id is not null then 'busy'
  when c.edited and not $overwrite then 'edited'
  when $scope = 'missing' and coalesce(c.status, 'blank') not in ('blank', 'not_found', 'error', 'skipped') then 'scope'
end`;

/**
 * All cells of rows × columns with their reason to be skipped: columns row_id, row_no, entity_version, column_id, price,
 * column_no, reason. Parameters: $1 workspace, $2 list, $3 from, $4 to, $5 chosen row numbers or null, $6 column ids,
 * $7 prices, $8 scope, $9 overwrite edits, $10 job id or null, $11 time the job was accepted or null (rows deleted since
 * are listed as deleted, rows deleted before are not listed).
 */
export const CANDIDATES = `
  select r.id as row_id, r.row_no, r.entity_version, col.id as column_id, col.price, col.no as column_no,
         ${SKIP_REASON.replaceAll('$scope', '$8').replaceAll('$overwrite', '$9::boolean')} as reason
  from list_row r
  cross join unnest($6::text[], $7::integer[]) with ordinality as col (id, price, no)
  left join cell c on c.workspace_id = $1 and c.row_id = r.id and c.column_id = col.id
  left join job h on h.workspace_id = $1 and h.id = c.job_id and h.id is distinct from $10::text
    and h.state not in ('completed', 'failed', 'cancelled')
  where r.workspace_id = $1 and r.list_id = $2 and r.row_no between $3 and $4
    and ($5::integer[] is null or r.row_no = any ($5))
    and (r.deleted_at is null or r.deleted_at > $11::timestamptz)`;

export interface CandidateQuery {
  readonly workspaceId: string;
  readonly listId: string;
  readonly rows: RowRange;
  readonly columns: readonly PlannedColumn[];
  readonly plan: Pick<Plan, 'scope' | 'overwriteEdits'>;
  readonly jobId: string | null;
  /** As Postgres writes it: a Date would cut the microseconds, which decide. */
  readonly acceptedAt: string | null;
}

export function candidateParams(query: CandidateQuery): unknown[] {
  return [
    query.workspaceId,
    query.listId,
    query.rows.from,
    query.rows.to,
    query.rows.chosen ?? null,
    query.columns.map(({ id }) => id),
    query.columns.map(({ price }) => price),
    query.plan.scope,
    query.plan.overwriteEdits,
    query.jobId,
    query.acceptedAt,
  ];
}

export interface Estimate {
  readonly cells: number;
  readonly eligible: number;
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
  /** Credits if every cell that is eligible now is filled. */
  readonly estimatedCredits: number;
  /** The same with the cells that another job holds now: they may be free when their page opens. */
  readonly maxCredits: number;
}

/** What a job over these rows and columns would meet now. Reads only. */
export async function estimate(sql: Sql, query: CandidateQuery): Promise<Estimate> {
  const groups = await sql.rows<{ reason: string | null; price: number; count: number }>(
    `select reason, price, count(*)::integer as count from (${CANDIDATES}) candidate group by reason, price`,
    candidateParams(query),
  );
  const count = (wanted: (reason: string | null) => boolean, weight: (price: number) => number): number =>
    groups.filter(({ reason }) => wanted(reason)).reduce((sum, group) => sum + group.count * weight(group.price), 0);
  const reasons = [...new Set(groups.flatMap(({ reason }) => reason ?? []))].sort();
  return {
    cells: count(
      () => true,
      () => 1,
    ),
    eligible: count(
      (reason) => reason === null,
      () => 1,
    ),
    skipped: reasons.map((reason) => ({
      reason,
      count: count(
        (other) => other === reason,
        () => 1,
      ),
    })),
    estimatedCredits: count(
      (reason) => reason === null,
      (price) => price,
    ),
    maxCredits: count(
      (reason) => reason === null || reason === 'busy',
      (price) => price,
    ),
  };
}
