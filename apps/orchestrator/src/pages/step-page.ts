import type { StepPageSent } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import type { Fence } from '../jobs/job-lock.js';
import { plan, stepOfStage } from '../jobs/plan.js';
import { enterOpenPage } from './page-lock.js';
import { noteInputs, readOpenRows } from './step-rows.js';

/**
 * What a worker needs for one step of an open page: config of its columns, and the rows that are still open with the
 * inputs they need, as they are now. The first call stamps when a worker opened the step. Rows that one reply does not take
 * are left for the next, which comes when these are settled. Undefined: the step is not this worker's any more.
 */
export async function readStepPage(
  database: Database,
  by: Fence,
  step: { readonly pageNo: number; readonly stepNo: number; readonly serviceId: string },
): Promise<StepPageSent | undefined> {
  return database.inWorkspace(by.workspaceId, async (sql) => {
    // Together, because neither needs the other's answer: a plan never changes.
    const [entered, job] = await Promise.all([
      enterOpenPage(sql, by, step.pageNo),
      sql.row<{ plan: unknown }>('select plan from job where workspace_id = $1 and id = $2', [
        by.workspaceId,
        by.jobId,
      ]),
    ]);
    if (!entered || !job) return undefined;
    const opened = await sql.run(
      `update job_step set opened_at = coalesce(opened_at, clock_timestamp()), attempts = attempts + 1
       where workspace_id = $1 and job_id = $2 and page_no = $3 and step_no = $4 and service_id = $5`,
      [by.workspaceId, by.jobId, step.pageNo, step.stepNo, step.serviceId],
    );
    if (opened === 0) return undefined;
    const planned = plan.parse(job.plan);
    const found = stepOfStage(planned, { stageNo: entered.page.stage_no, stepNo: step.stepNo });
    if (!found) return undefined;
    const page = { by, pageNo: step.pageNo, ...found, identity: planned.identity };
    await noteInputs(sql, page);
    return {
      control: entered.job.control,
      workspaceId: by.workspaceId,
      entityType: planned.entityType,
      columns: found.columns.map(({ id, config }) => ({ columnId: id, config })),
      references: Object.assign({}, ...found.columns.map(({ references }) => references)) as Record<string, string>,
      ...(await readOpenRows(sql, page)),
    };
  });
}
