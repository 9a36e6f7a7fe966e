import type { ListRef } from '../lists/list-record.js';
import { newId } from '../database/ids.js';
import { appendListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import { notFound, notSupported, unprocessable } from '../problems/problem.error.js';
import { estimate } from './eligibility.js';
import type { Estimate } from './eligibility.js';
import type { JobRequest, JobView } from './job-request.js';
import { readJobView } from './job-view.js';
import { planStages } from './plan.js';
import type { Plan, RowRange } from './plan.js';
import { readPlanColumns, toPlanned } from './plan-columns.js';

export interface DraftJob {
  readonly plan: Plan;
  readonly estimate: Estimate;
  /** Most the job may cost: its highest price, or the caller's ceiling. */
  readonly maxCost: number;
}

/**
 * Turns a request into a plan and an estimate. Locks the list's row counter, so that no row is added or removed between the
 * count and the commit.
 * @throws ProblemError 404 for the list, 422 for columns, rows and options that cannot be
 */
export async function draftJob(sql: Sql, ref: ListRef, request: JobRequest): Promise<DraftJob> {
  refuseUnsupported(request);
  const list = await sql.row<{ entity_type: 'company' | 'contact'; identity: Record<string, string> }>(
    `select entity_type, identity from list where workspace_id = $1 and id = $2 and deleted_at is null for share`,
    [ref.workspaceId, ref.listId],
  );
  if (!list) throw notFound('list');
  const { last_row_no } = await sql.one<{ last_row_no: number }>(
    'select last_row_no from list_counter where workspace_id = $1 and list_id = $2 for update',
    [ref.workspaceId, ref.listId],
  );
  const columns = await readPlanColumns(sql, ref, request.columnIds);
  const rowNos = request.scope.type === 'rows' ? await readRowNos(sql, ref, request.scope.rowIds) : undefined;
  const scope = request.scope.type as Plan['scope'];
  const rows: RowRange = rowNos ? { from: 1, to: last_row_no, chosen: rowNos } : { from: 1, to: last_row_no };
  const found = await estimate(sql, {
    ...ref,
    rows,
    columns,
    plan: { scope, overwriteEdits: request.overwriteEdits },
    jobId: null,
    acceptedAt: null,
  });
  return {
    plan: {
      version: 2,
      entityType: list.entity_type,
      identity: list.identity,
      scope,
      overwriteEdits: request.overwriteEdits,
      columns: columns.map(toPlanned),
      lastRowNo: last_row_no,
      ...(rowNos && { rowNos }),
      stages: planStages(columns, rowNos ? rowNos.length : last_row_no),
    },
    estimate: found,
    maxCost: Math.min(found.maxCredits, request.maxCredits ?? Number.POSITIVE_INFINITY),
  };
}

/**
 * Accepts a job: job, plan, budget and the order to start its workflow, in the caller's transaction. Nothing outside is called.
 * @throws what {@link draftJob} throws
 */
export async function acceptJob(
  sql: Sql,
  ref: ListRef,
  { request, createdBy }: { readonly request: JobRequest; readonly createdBy: string },
): Promise<JobView> {
  const draft = await draftJob(sql, ref, request);
  const jobId = newId('job');
  await sql.run(
    `insert into job (workspace_id, id, list_id, plan, cells, max_cost, on_failure, on_cancel, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ref.workspaceId,
      jobId,
      ref.listId,
      JSON.stringify(draft.plan),
      draft.estimate.cells,
      draft.maxCost,
      request.onFailure,
      request.onCancel,
      createdBy,
    ],
  );
  await sql.run('insert into job_budget (workspace_id, job_id, remaining) values ($1, $2, $3)', [
    ref.workspaceId,
    jobId,
    draft.maxCost,
  ]);
  await sql.run(`insert into outbox (workspace_id, topic, payload) values ($1, 'start-job', $2)`, [
    ref.workspaceId,
    { jobId, cells: draft.estimate.cells },
  ]);
  const view = await readJobView(sql, ref.workspaceId, jobId);
  if (!view) throw new Error('The job that was just written cannot be read');
  await appendListEvent(sql, ref.workspaceId, ref.listId, { jobId });
  return view;
}

function refuseUnsupported(request: JobRequest): void {
  if (request.approval === 'required') throw notSupported('/approval', 'Approval of a whole job is not supported yet.');
  if (request.scope.type === 'failed' || request.scope.type === 'stale') {
    throw notSupported('/scope/type', `The scope ${request.scope.type} is not supported yet.`);
  }
}

async function readRowNos(sql: Sql, ref: ListRef, rowIds: readonly string[]): Promise<number[]> {
  const found = await sql.rows<{ id: string; row_no: number }>(
    `select id, row_no from list_row where workspace_id = $1 and list_id = $2 and id = any ($3) and deleted_at is null
     order by row_no`,
    [ref.workspaceId, ref.listId, rowIds],
  );
  const known = new Set(found.map(({ id }) => id));
  const missing = rowIds.findIndex((id) => !known.has(id));
  if (missing >= 0) throw unprocessable('unknown_row', `/scope/rowIds/${missing}`, 'The list has no row of this id.');
  return found.map(({ row_no }) => row_no);
}
