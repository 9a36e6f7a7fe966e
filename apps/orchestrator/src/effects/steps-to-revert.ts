import type { Database } from '../database/database.js';
import { appendListEvent } from '../database/list-events.js';
import { enterAsOwner } from '../jobs/job-lock.js';
import type { Fence } from '../jobs/job-lock.js';
import { plan, stageOfPage } from '../jobs/plan.js';
import { STILL_TO_REVERT, TAKEN_BACK } from './effect-record.js';

/** Steps that one run of a compensation reverts: what is left is for the next, so that no history grows without bound. */
export const STEPS_PER_RUN = 300;

/** A step that wrote at its provider, with its team's queue as the plan pinned it. */
export interface StepToRevert {
  readonly pageNo: number;
  readonly stepNo: number;
  readonly service: string;
  readonly taskQueue: string;
}

export interface StepsToRevert {
  readonly steps: readonly StepToRevert[];
  readonly more: boolean;
  /** Since then nothing is journaled any more. */
  readonly undoBeganAt: Date;
}

/**
 * The steps of restored pages whose writes are still to be taken back, in the order of their pages. The first call counts the
 * records, for those who watch.
 * @throws `Superseded` when the fence is old
 */
export async function stepsToRevert(
  database: Database,
  by: Fence,
  limit: number = STEPS_PER_RUN,
): Promise<StepsToRevert> {
  return database.inWorkspace(by.workspaceId, async (sql) => {
    const head = await enterAsOwner(sql, by);
    const key = [by.workspaceId, by.jobId];
    const found = await sql.rows<{ page_no: number; step_no: number }>(
      `select s.page_no, s.step_no from job_step s where s.workspace_id = $1 and s.job_id = $2
         and exists (select from ${STILL_TO_REVERT} and e.page_no = s.page_no and e.step_no = s.step_no)
       order by s.page_no, s.step_no limit $3`,
      [...key, limit + 1],
    );
    const job = await sql.one<{ stored: unknown; undo_began_at: Date }>(
      'select plan as stored, coalesce(undo_began_at, clock_timestamp()) as undo_began_at from job where workspace_id = $1 and id = $2',
      key,
    );
    const counted = await sql.run(
      `update job set revert_records = (select count(distinct e.record) from ${TAKEN_BACK})
       where workspace_id = $1 and id = $2 and revert_records is null`,
      key,
    );
    if (counted > 0) await appendListEvent(sql, by.workspaceId, head.list_id, { jobId: by.jobId });
    const planned = plan.parse(job.stored);
    return {
      steps: found.slice(0, limit).map(({ page_no: pageNo, step_no: stepNo }) => {
        const step = stageOfPage(planned, pageNo).steps.find((one) => one.stepNo === stepNo);
        if (!step) throw new Error(`The plan has no step ${stepNo} on page ${pageNo}`);
        return { pageNo, stepNo, service: step.serviceId, taskQueue: step.taskQueue };
      }),
      more: found.length > limit,
      undoBeganAt: job.undo_began_at,
    };
  });
}
