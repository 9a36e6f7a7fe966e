import type { StepPage } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import type { Fence } from '../jobs/job-lock.js';
import { plan } from '../jobs/plan.js';
import { enterOpenPage } from './page-lock.js';

/**
 * What a worker needs for one step of an open page: config of its columns, and the rows that are still open with the
 * inputs they need. The first call stamps when a worker opened the step. Undefined: the step is not this worker's any more.
 */
export async function readStepPage(
  database: Database,
  by: Fence,
  step: { readonly pageNo: number; readonly stepNo: number; readonly serviceId: string },
): Promise<StepPage | undefined> {
  return database.inWorkspace(by.workspaceId, async (sql) => {
    const entered = await enterOpenPage(sql, by, step.pageNo);
    if (!entered) return undefined;
    const opened = await sql.run(
      `update job_step set opened_at = coalesce(opened_at, clock_timestamp()), attempts = attempts + 1
       where workspace_id = $1 and job_id = $2 and page_no = $3 and step_no = $4 and service_id = $5`,
      [by.workspaceId, by.jobId, step.pageNo, step.stepNo, step.serviceId],
    );
    if (opened === 0) return undefined;
    const { plan: stored } = await sql.one<{ plan: unknown }>(
      'select plan from job where workspace_id = $1 and id = $2',
      [by.workspaceId, by.jobId],
    );
    const planned = plan.parse(stored);
    const columnIds = new Set(
      planned.stages
        .filter(({ stageNo }) => stageNo === entered.page.stage_no)
        .flatMap(({ steps }) => steps.filter(({ stepNo }) => stepNo === step.stepNo))
        .flatMap((one) => one.columnIds),
    );
    const columns = planned.columns.filter(({ id }) => columnIds.has(id));
    // The cells first, by their index: joined the other way round, a planner that guesses reads all open cells for each row.
    const rows = await sql.rows<{ row_id: string; entity: Record<string, unknown>; column_ids: string[] }>(
      `with open as materialized (
         select row_id, array_agg(column_id) as column_ids from cell
         where workspace_id = $1 and job_id = $2 and page_no = $3 and status = 'pending' and column_id = any ($4)
         group by row_id)
       select r.id as row_id, r.entity, o.column_ids
       from open o join list_row r on r.workspace_id = $1 and r.id = o.row_id
       where r.deleted_at is null order by r.row_no`,
      [by.workspaceId, by.jobId, step.pageNo, columns.map(({ id }) => id)],
    );
    return {
      control: entered.job.control,
      workspaceId: by.workspaceId,
      entityType: planned.entityType,
      columns: columns.map(({ id, config }) => ({ columnId: id, config })),
      rows: rows.map(({ row_id, entity, column_ids }) => ({
        rowId: row_id,
        columnIds: column_ids,
        inputs: identityOf(entity, planned.identity),
      })),
    };
  });
}

/** The attributes that identify an entity, under their fixed names, as the list's identity maps them. Blank ones are left out. */
function identityOf(
  entity: Record<string, unknown>,
  identity: Record<string, string>,
): StepPage['rows'][number]['inputs'] {
  const inputs: StepPage['rows'][number]['inputs'] = {};
  for (const [name, attribute] of Object.entries(identity)) {
    const value = entity[attribute];
    if ((typeof value === 'string' && value.trim() !== '') || typeof value === 'number') inputs[name] = value;
  }
  return inputs;
}
