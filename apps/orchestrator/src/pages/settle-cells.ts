import type { CellResult, SettleReply } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import { appendListEvent } from '../database/list-events.js';
import { prepared } from '../database/sql.js';
import type { Sql } from '../database/sql.js';
import type { Fence } from '../jobs/job-lock.js';
import type { PlannedColumn } from '../jobs/plan.js';
import { enterOpenPage } from './page-lock.js';
import { rememberRows } from './row-memory.js';
import type { Memories } from './row-memory.js';
import { lockOpenCells, writeResults } from './write-results.js';

/**
 * Settles cells of an open page, each once; what is not pending under the job's claim any more is acknowledged and ignored.
 * Undefined: the fence is old or the page is sealed, and nothing was written.
 */
export async function settleCells(
  database: Database,
  by: Fence,
  step: { readonly pageNo: number; readonly stepNo: number; readonly serviceId: string },
  results: readonly CellResult[],
  memories: Memories = [],
): Promise<SettleReply | undefined> {
  return database.inWorkspace(by.workspaceId, async (sql) => {
    // Together, because none needs another's answer; in this order, which is that of the locks.
    const [entered, context, open] = await Promise.all([
      enterOpenPage(sql, by, step.pageNo),
      stepContext(sql, by, step),
      lockOpenCells(sql, { ...by, pageNo: step.pageNo }, results),
    ]);
    if (!entered || !context) return undefined;
    const ours = results.filter(({ columnId }) => context.prices.has(columnId));
    const written = await writeResults(
      sql,
      { ...by, listId: entered.job.list_id, pageNo: step.pageNo, attempt: context.attempt, prices: context.prices },
      { open, results: ours },
    );
    await rememberRows(sql, by, { ...step, columnIds: [...context.prices.keys()] }, memories);
    if (written.settled > 0) {
      await appendListEvent(sql, by.workspaceId, entered.job.list_id, {
        jobId: by.jobId,
        rowIds: written.rowIds,
        columnIds: written.columnIds,
      });
    }
    return { settled: written.settled, ignored: results.length - written.settled, control: entered.job.control };
  });
}

const STEP_CONTEXT = prepared(
  `select s.attempts, j.plan -> 'columns' as columns,
     (select planned_step -> 'columnIds' from jsonb_array_elements(j.plan -> 'stages') stage,
             jsonb_array_elements(stage -> 'steps') planned_step
      where (stage ->> 'stageNo')::integer = p.stage_no and (planned_step ->> 'stepNo')::integer = s.step_no) as column_ids
   from job_step s
   join job_page p on p.workspace_id = $1 and p.job_id = $2 and p.page_no = $3
   join job j on j.workspace_id = $1 and j.id = $2
   where s.workspace_id = $1 and s.job_id = $2 and s.page_no = $3 and s.step_no = $4 and s.service_id = $5`,
);

/** Attempt of the step and prices of its columns, from the plan; undefined when the step is not this service's. */
export async function stepContext(
  sql: Sql,
  by: Fence,
  step: { readonly pageNo: number; readonly stepNo: number; readonly serviceId: string },
): Promise<{ attempt: number; prices: Map<string, number> } | undefined> {
  const row = await sql.row<{ attempts: number; columns: PlannedColumn[]; column_ids: string[] }>(STEP_CONTEXT, [
    by.workspaceId,
    by.jobId,
    step.pageNo,
    step.stepNo,
    step.serviceId,
  ]);
  if (!row) return undefined;
  const prices = new Map(
    row.columns.filter(({ id }) => row.column_ids.includes(id)).map(({ id, price }) => [id, price] as const),
  );
  return { attempt: row.attempts, prices };
}
