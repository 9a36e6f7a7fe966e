import type { Sql } from '../database/sql.js';
import { FINAL_STATES } from './job-lock.js';
import type { JobView } from './job-request.js';

interface JobRow {
  readonly id: string;
  readonly list_id: string;
  readonly state: JobView['state'];
  readonly columns: string[];
  readonly column_names: string[];
  readonly cells: number;
  readonly failure: JobView['failure'] | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly opened: number;
  readonly filled: number;
  readonly not_found: number;
  readonly error: number;
  readonly skipped: number;
  readonly skipped_by: Record<string, number>;
  readonly captured: number;
  readonly refunded: number;
  /** Whether billing ever confirmed a hold, and whether it confirmed the latest: an expired one is followed by another. */
  readonly ever_held: boolean;
  /** Whether the job's reference at billing was closed: then nothing is held for it, although it may not be final. */
  readonly credits_released: boolean;
  readonly holds: boolean;
  readonly max_cost: number;
  /** Records to take back at providers; null before the pages were restored. */
  readonly revert_records: number | null;
  readonly reverted: number;
  readonly changed_meanwhile: number;
  readonly revert_failure: Omit<NonNullable<JobView['revertFailure']>, 'attempts' | 'nextAttemptAt'> | null;
  readonly revert_attempts: number;
  readonly next_revert_at: Date | null;
  readonly waiting_for: { service: string; pages: number; cells: number; since: string }[] | null;
}

/** A job waits for a service when a worker of it did not open a step for so long, or when none gave a sign of life. */
const WAITING_AFTER_SECONDS = 60;
const LONG_AGO = `clock_timestamp() - make_interval(secs => ${WAITING_AFTER_SECONDS})`;

/** What job `j` waits for, by service. Only pages that are open for long are looked at, so it costs the others nothing. */
const WAITING_FOR = `
  select jsonb_agg(jsonb_build_object('service', service_id, 'pages', pages, 'cells', cells, 'since', since) order by service_id)
  from (
    select s.service_id, count(distinct p.page_no) as pages, sum(s.cells) as cells,
      min(case when s.opened_at is null then w.since else greatest(w.since, v.last_seen_at) end) as since
    from job_page p
    join job_step s on s.workspace_id = p.workspace_id and s.job_id = p.job_id and s.page_no = p.page_no
    join service v on v.id = s.service_id
    cross join lateral (select step_waits_since(p, s) as since) w
    where p.workspace_id = $1 and p.job_id = j.id and j.state = 'running' and p.state = 'open' and p.opened_at < ${LONG_AGO}
      and s.cells > 0 and (s.opened_at is null or v.last_seen_at < ${LONG_AGO}) and w.since < ${LONG_AGO}
    group by s.service_id) waiting`;

/**
 * Jobs as the API shows them, in the order of `jobIds`. Totals are sums over the job's pages, never a counter that all pages
 * would fight for; a restored page counts as not opened. They always add up to `cells`.
 */
export async function jobViews(sql: Sql, workspaceId: string, jobIds: readonly string[]): Promise<JobView[]> {
  const rows = await sql.rows<JobRow>(
    `select j.id, j.list_id, j.state, j.cells, j.failure, j.created_at, j.started_at, j.finished_at,
       planned.*, p.*, j.max_cost, j.revert_records, j.revert_failure, j.revert_attempts, j.next_revert_at, (${WAITING_FOR}) as waiting_for,
       j.credits_released_at is not null as credits_released,
       exists (select from job_hold h where h.workspace_id = $1 and h.job_id = j.id and h.hold_id is not null) as ever_held,
       exists (select from job_hold h where h.workspace_id = $1 and h.job_id = j.id having (array_agg(hold_id order by n desc))[1] is not null) as holds
     from unnest($2::text[]) with ordinality as wanted (id, no)
     join job j on j.workspace_id = $1 and j.id = wanted.id
     cross join lateral (
       select array_agg(col ->> 'id' order by place) as columns, array_agg(col ->> 'name' order by place) as column_names
       from jsonb_array_elements(j.plan -> 'columns') with ordinality planned (col, place)) planned
     cross join lateral (
       select coalesce(sum(cells) filter (where standing), 0) as opened, coalesce(sum(filled) filter (where standing), 0) as filled,
         coalesce(sum(not_found) filter (where standing), 0) as not_found, coalesce(sum(error) filter (where standing), 0) as error,
         coalesce(sum(skipped) filter (where standing), 0) as skipped,
         coalesce((select jsonb_object_agg(key, total) from (
           select key, sum(value::integer) as total from job_page q, jsonb_each_text(q.skipped_by)
           where q.workspace_id = $1 and q.job_id = j.id and q.state <> 'restored' group by key) by_reason), '{}') as skipped_by,
         coalesce(sum(amount) filter (where captured_at is not null or refunded), 0) as captured,
         coalesce(sum(amount) filter (where refunded), 0) as refunded,
         coalesce(sum(reverted), 0) as reverted, coalesce(sum(changed_meanwhile), 0) as changed_meanwhile
       from (select *, state <> 'restored' as standing from job_page where workspace_id = $1 and job_id = j.id) page) p
     order by wanted.no`,
    [workspaceId, jobIds],
  );
  return rows.map(toView);
}

function toView(row: JobRow): JobView {
  const released = row.credits_released || FINAL_STATES.includes(row.state);
  const rest = row.max_cost - row.captured;
  return {
    id: row.id,
    listId: row.list_id,
    state: row.state,
    columnIds: row.columns,
    columnNames: row.column_names,
    totals: {
      cells: row.cells,
      open: row.cells - row.opened,
      pending: row.opened - row.filled - row.not_found - row.error - row.skipped,
      filled: row.filled,
      notFound: row.not_found,
      error: row.error,
      skipped: row.skipped,
      awaitingApproval: 0,
    },
    skippedBy: row.skipped_by,
    credits: {
      held: row.holds && !released ? rest : 0,
      captured: row.captured,
      released: row.ever_held && released ? rest : 0,
      refunded: row.refunded,
    },
    ...(row.waiting_for && {
      waitingFor: row.waiting_for.map((each) => ({ ...each, since: new Date(each.since).toISOString() })),
    }),
    ...(row.failure && { failure: row.failure }),
    ...revertsOf(row),
    createdAt: row.created_at.toISOString(),
    ...(row.started_at && { startedAt: row.started_at.toISOString() }),
    ...(row.finished_at && { finishedAt: row.finished_at.toISOString() }),
  };
}

function revertsOf(row: JobRow): Pick<JobView, 'reverts' | 'revertFailure'> {
  const { revert_records: records, reverted, changed_meanwhile: changedMeanwhile, revert_failure: failure } = row;
  return {
    ...(records && { reverts: { records, reverted, changedMeanwhile, open: records - reverted - changedMeanwhile } }),
    ...(failure && {
      revertFailure: {
        ...failure,
        attempts: row.revert_attempts,
        ...(row.next_revert_at && { nextAttemptAt: row.next_revert_at.toISOString() }),
      },
    }),
  };
}

/** One job, or undefined when the workspace has none of that id. */
export async function readJobView(sql: Sql, workspaceId: string, jobId: string): Promise<JobView | undefined> {
  return (await jobViews(sql, workspaceId, [jobId]))[0];
}
