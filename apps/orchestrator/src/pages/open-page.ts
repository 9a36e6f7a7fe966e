import type { Database } from '../database/database.js';
import { appendListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import { CANDIDATES, candidateParams } from '../jobs/eligibility.js';
import { enterAsOwner, superseded } from '../jobs/job-lock.js';
import type { Fence } from '../jobs/job-lock.js';
import { columnsOfStage, pageRowNos, plan, stageOfPage } from '../jobs/plan.js';
import type { Plan, PlannedStage } from '../jobs/plan.js';

/** `wait`: the page does not fit under the job's ceiling now and others are still open; ask again when one is sealed. */
export type OpenedPage =
  | { readonly outcome: 'opened'; readonly steps: readonly { readonly stepNo: number; readonly count: number }[] }
  | { readonly outcome: 'wait' };

class PageMustWait extends Error {}

interface Claims {
  readonly cells: number;
  readonly claimed: number;
  readonly reserved: number;
  readonly skippedBy: Record<string, number>;
  readonly byColumn: ReadonlyMap<string, number>;
  readonly rowIds: readonly string[];
  readonly short: boolean;
}

/**
 * Opens a page (rules R2 and R6): claims its eligible cells, marks them pending, reserves their price from the budget.
 * One transaction. Idempotent: a page that exists answers what it was opened with.
 * @throws `Superseded` when the fence is old
 */
export async function openPage(database: Database, by: Fence, pageNo: number): Promise<OpenedPage> {
  try {
    return await database.inWorkspace(by.workspaceId, (sql) => open(sql, by, pageNo));
  } catch (error) {
    if (error instanceof PageMustWait) return { outcome: 'wait' };
    throw error;
  }
}

async function open(sql: Sql, by: Fence, pageNo: number): Promise<OpenedPage> {
  const head = await enterAsOwner(sql, by);
  // The budget's lock puts the openings of a job in a row, so that a second try of a page sees what the first one did.
  const { remaining } = await sql.one<{ remaining: number }>(
    'select remaining from job_budget where workspace_id = $1 and job_id = $2 for update',
    [by.workspaceId, by.jobId],
  );
  const existing = await stepCounts(sql, by, pageNo);
  if (existing) return existing;
  if (head.state !== 'running') throw superseded(by.jobId);
  const job = await sql.one<{ plan: Plan; accepted_at: string }>(
    'select plan, created_at::text as accepted_at from job where workspace_id = $1 and id = $2',
    [by.workspaceId, by.jobId],
  );
  const planned = plan.parse(job.plan);
  const stage = stageOfPage(planned, pageNo);
  const query = {
    workspaceId: by.workspaceId,
    listId: head.list_id,
    rows: pageRowNos(planned, stage, pageNo),
    columns: columnsOfStage(planned, stage),
    plan: planned,
    jobId: by.jobId,
    acceptedAt: job.accepted_at,
  };
  const params = candidateParams(query);
  await lockCells(sql, params);
  const claims = await claimCells(sql, params, { pageNo, budget: remaining });
  if (claims.short && (await otherPageIsOpen(sql, by))) throw new PageMustWait();
  const steps = await recordPage(sql, by, { pageNo, stage, rows: query.rows, claims });
  await appendListEvent(sql, by.workspaceId, head.list_id, {
    jobId: by.jobId,
    rowIds: claims.rowIds,
    columnIds: query.columns.map(({ id }) => id),
  });
  return { outcome: 'opened', steps };
}

/** Makes every cell of the page exist, then locks them in the order all writers use. Its own statements, so that the claim sees them as locked. */
async function lockCells(sql: Sql, params: readonly unknown[]): Promise<void> {
  await sql.run(
    `insert into cell (workspace_id, row_id, column_id, list_id)
     select $1, row_id, column_id, $2 from (${CANDIDATES}) candidate where reason is distinct from 'deleted'
     order by row_id, column_id on conflict do nothing`,
    params,
  );
  await sql.run(
    `select 1 from cell c join (${CANDIDATES}) k on k.row_id = c.row_id and k.column_id = c.column_id
     where c.workspace_id = $1 order by c.row_id, c.column_id for update of c`,
    params,
  );
}

/** Claims what is eligible and fits into the budget, in row order. */
async function claimCells(
  sql: Sql,
  params: readonly unknown[],
  { pageNo, budget }: { pageNo: number; budget: number },
): Promise<Claims> {
  const groups = await sql.rows<{ column_id: string; outcome: string; cells: number; cost: number; rows: string[] }>(
    `with candidate as materialized (${CANDIDATES}),
     judged as (
       select *, case when reason is not null then reason
                      when sum(price) filter (where reason is null) over (order by row_no, column_no) > $12 then 'ceiling'
                      else 'claimed' end as outcome
       from candidate),
     claimed as (
       update cell c set status = 'pending', job_id = $10, page_no = $13, former_status = c.status,
              former_version_id = c.version_id, claimed_from = j.entity_version, claimed_inputs = null,
              updated_at = now()
       from judged j where j.outcome = 'claimed' and c.workspace_id = $1 and c.row_id = j.row_id and c.column_id = j.column_id)
     select column_id, outcome, count(*)::integer as cells, sum(price)::integer as cost, array_agg(row_id) as rows
     from judged group by column_id, outcome`,
    [...params, budget, pageNo],
  );
  const skippedBy: Record<string, number> = {};
  const byColumn = new Map<string, number>();
  const rowIds = new Set<string>();
  let cells = 0;
  let reserved = 0;
  for (const group of groups) {
    cells += group.cells;
    if (group.outcome !== 'claimed') {
      skippedBy[group.outcome] = (skippedBy[group.outcome] ?? 0) + group.cells;
      continue;
    }
    reserved += group.cost;
    byColumn.set(group.column_id, group.cells);
    for (const rowId of group.rows) rowIds.add(rowId);
  }
  const claimed = [...byColumn.values()].reduce((sum, count) => sum + count, 0);
  return { cells, claimed, reserved, skippedBy, byColumn, rowIds: [...rowIds], short: 'ceiling' in skippedBy };
}

async function otherPageIsOpen(sql: Sql, by: Fence): Promise<boolean> {
  const open = await sql.row(
    `select 1 from job_page where workspace_id = $1 and job_id = $2 and state = 'open' limit 1`,
    [by.workspaceId, by.jobId],
  );
  return open !== undefined;
}

interface NewPage {
  readonly pageNo: number;
  readonly stage: PlannedStage;
  readonly rows: { readonly from: number; readonly to: number };
  readonly claims: Claims;
}

async function recordPage(
  sql: Sql,
  by: Fence,
  { pageNo, stage, rows, claims }: NewPage,
): Promise<{ stepNo: number; count: number }[]> {
  await sql.run(
    `insert into job_page (workspace_id, job_id, page_no, stage_no, from_row_no, to_row_no, state, cells, claimed, skipped, skipped_by, reserved)
     values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $11)`,
    [
      by.workspaceId,
      by.jobId,
      pageNo,
      stage.stageNo,
      rows.from,
      rows.to,
      claims.cells,
      claims.claimed,
      claims.cells - claims.claimed,
      claims.skippedBy,
      claims.reserved,
    ],
  );
  const steps = stage.steps.map(({ stepNo, serviceId, columnIds }) => ({
    stepNo,
    serviceId,
    count: columnIds.reduce((sum, id) => sum + (claims.byColumn.get(id) ?? 0), 0),
  }));
  await sql.run(
    `insert into job_step (workspace_id, job_id, page_no, step_no, service_id, cells)
     select $1, $2, $3, * from unnest($4::integer[], $5::text[], $6::integer[])`,
    [
      by.workspaceId,
      by.jobId,
      pageNo,
      steps.map(({ stepNo }) => stepNo),
      steps.map(({ serviceId }) => serviceId),
      steps.map(({ count }) => count),
    ],
  );
  await sql.run('update job_budget set remaining = remaining - $3 where workspace_id = $1 and job_id = $2', [
    by.workspaceId,
    by.jobId,
    claims.reserved,
  ]);
  return steps.map(({ stepNo, count }) => ({ stepNo, count }));
}

async function stepCounts(sql: Sql, by: Fence, pageNo: number): Promise<OpenedPage | undefined> {
  const steps = await sql.rows<{ stepNo: number; count: number }>(
    `select step_no as "stepNo", cells as count from job_step
     where workspace_id = $1 and job_id = $2 and page_no = $3 order by step_no`,
    [by.workspaceId, by.jobId, pageNo],
  );
  return steps.length > 0 ? { outcome: 'opened', steps } : undefined;
}
