import { ApplicationFailure } from '@temporalio/common';
import type { CompensationCause, FinalState, JobRef } from '@uno/workflow-contracts';
import type { Database } from '../database/database.js';
import { appendListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import { describeFailure } from './failure-messages.js';
import type { UndoMode } from './failure-messages.js';
import { FINAL_STATES, UNDOING_STATES, holdsFence, lockJob, readJobHead, superseded } from './job-lock.js';
import type { Fence, JobHead } from './job-lock.js';
import { parkWhileEffectsStand } from './park-job.js';
import type { RevertRefusal } from './park-job.js';
import { plan } from './plan.js';
import type { Plan } from './plan.js';

/** `type` of the failure that stops a job from completing because a cancel was acknowledged before: the job is undone. */
export const CANCEL_ACKNOWLEDGED_FAILURE = 'CancelAcknowledged';

export interface BegunJob {
  /** The run that begins the job. A workflow that is reset goes on under the owner that was recorded. */
  readonly owner: string;
  readonly fence: number;
  readonly stages: readonly StageOutline[];
}

/** A stage as the workflow needs it: numbers and queues, no configuration. */
export interface StageOutline {
  readonly stageNo: number;
  readonly firstPage: number;
  readonly pages: number;
  readonly steps: readonly {
    readonly stepNo: number;
    readonly dependsOn: readonly number[];
    readonly service: string;
    readonly taskQueue: string;
  }[];
}

/**
 * First step of a job: compare-and-set from `accepted` to `running` with this run as the owner. A repeat by
 * the same run is answered as the first was; anybody else gets null and ends.
 */
export async function beginJob(database: Database, job: JobRef, runId: string): Promise<BegunJob | null> {
  return database.inWorkspace(job.workspaceId, async (sql) => {
    await lockJob(sql, job.jobId);
    const head = await readJobHead(sql, job);
    if (!head) return null;
    const again = head.owner === runId && !FINAL_STATES.includes(head.state);
    if (!again && head.state !== 'accepted') return null;
    const { stored } = await sql.one<{ stored: unknown }>(
      `update job set owner = $3, state = case when state = 'accepted' then 'running' else state end,
         started_at = coalesce(started_at, clock_timestamp())
       where workspace_id = $1 and id = $2 returning plan as stored`,
      [job.workspaceId, job.jobId, runId],
    );
    await appendListEvent(sql, job.workspaceId, head.list_id, { jobId: job.jobId });
    return { owner: runId, fence: head.fence, stages: outline(plan.parse(stored)) };
  });
}

/** The stages of a job's plan, for a segment that begins in the middle of a job. */
export async function readStages(database: Database, job: JobRef): Promise<StageOutline[]> {
  return database.inWorkspace(job.workspaceId, async (sql) => {
    const { stored } = await sql.one<{ stored: unknown }>(
      'select plan as stored from job where workspace_id = $1 and id = $2',
      [job.workspaceId, job.jobId],
    );
    return outline(plan.parse(stored));
  });
}

const outline = ({ stages }: Plan): StageOutline[] =>
  stages.map(({ stageNo, firstPage, pages, steps }) => ({
    stageNo,
    firstPage,
    pages,
    steps: steps.map(({ stepNo, dependsOn, serviceId, taskQueue }) => ({
      stepNo,
      dependsOn,
      service: serviceId,
      taskQueue,
    })),
  }));

/**
 * Enters `completing`: from here on nothing but a cancel is obeyed.
 * @throws `CancelAcknowledged` when a cancel was acknowledged; the job is undone instead
 */
export async function completeJob(database: Database, by: Fence): Promise<void> {
  await changeState(database, by, async (sql, head) => {
    if (head.state === 'completing') return;
    await refuseAcknowledgedCancel(sql, by);
    await sql.run(`update job set state = 'completing' where workspace_id = $1 and id = $2`, [
      by.workspaceId,
      by.jobId,
    ]);
  });
}

/** How a workflow leaves a job: final, or parked until a provider takes back what the job wrote there. */
export type JobEnd = FinalState | 'compensation_failed';

/**
 * Makes the job final, in one transaction with its alert (rule R14), or parks it where its undo left writes at a provider
 * standing (rule R8); `refusal` says why. A repeat under its own fence is answered as the first was.
 * @throws `CancelAcknowledged` when the job would complete although a cancel was acknowledged
 */
export async function finishJob(database: Database, by: Fence, refusal?: RevertRefusal): Promise<JobEnd> {
  return database.inWorkspace(by.workspaceId, async (sql) => {
    await lockJob(sql, by.jobId);
    const head = await readJobHead(sql, by);
    if (!head || head.owner !== by.owner || head.fence !== by.fence) throw superseded(by.jobId);
    if (FINAL_STATES.includes(head.state) || head.state === 'compensation_failed') return head.state as JobEnd;
    if (head.state === 'completing') await refuseAcknowledgedCancel(sql, by);
    else if (!UNDOING_STATES.includes(head.state)) throw new Error(`A job that is ${head.state} cannot be finished`);
    else if (await parkWhileEffectsStand(sql, by, refusal)) {
      await appendListEvent(sql, by.workspaceId, head.list_id, { jobId: by.jobId });
      return 'compensation_failed';
    }
    const { state, failure } = await sql.one<{ state: FinalState; failure: { code: string } | null }>(
      `update job set state = case when state = 'completing' then 'completed' else coalesce(target_state, 'failed') end,
         revert_failure = null, parked_at = null, next_revert_at = null, finished_at = clock_timestamp() where workspace_id = $1 and id = $2 returning state, failure`,
      [by.workspaceId, by.jobId],
    );
    if (state === 'failed') {
      await sql.run(`insert into outbox (workspace_id, topic, payload) values ($1, 'alert', $2)`, [
        by.workspaceId,
        { alert: 'job_failed', jobId: by.jobId, code: failure?.code },
      ]);
    }
    await appendListEvent(sql, by.workspaceId, head.list_id, { jobId: by.jobId });
    return state;
  });
}

export interface FencedJob {
  readonly fence: number;
  readonly owner: string;
  readonly mode: UndoMode;
  /** The job wrote at a provider. After the fence that does not change: nothing is journaled any more. */
  readonly wroteOutside: boolean;
}

/**
 * Takes the job over for its compensation (rule R1): a compare-and-set from (owner, fence) to (compensator, fence + 1). A
 * repeat that finds exactly that succeeds. Stores mode and target for every later compensator; an acknowledged cancel
 * wins over a failure, and a bare Temporal cancellation is recorded as one.
 * @throws `Superseded` when somebody else owns the job
 */
export async function fenceJob(
  database: Database,
  from: Fence,
  compensator: string,
  cause: CompensationCause,
): Promise<FencedJob> {
  return database.inWorkspace(from.workspaceId, async (sql) => {
    await lockJob(sql, from.jobId);
    const head = await readJobHead(sql, from);
    if (!head) throw superseded(from.jobId);
    const repeat = head.owner === compensator && head.fence === from.fence + 1;
    if (!repeat && !(holdsFence(head, from) && head.owner === (from.owner ?? null))) throw superseded(from.jobId);
    if (!repeat) await takeOver(sql, from, { head, compensator, cause });
    const { mode, wroteOutside } = await sql.one<Pick<FencedJob, 'mode' | 'wroteOutside'>>(
      `select undo_mode as mode,
         exists (select from effect e where e.workspace_id = $1 and e.job_id = $2) as "wroteOutside"
       from job where workspace_id = $1 and id = $2`,
      [from.workspaceId, from.jobId],
    );
    return { fence: from.fence + 1, owner: compensator, mode, wroteOutside };
  });
}

async function takeOver(
  sql: Sql,
  from: Fence,
  { head, compensator, cause }: { head: JobHead; compensator: string; cause: CompensationCause },
): Promise<void> {
  const key = [from.workspaceId, from.jobId];
  const acknowledged = await cancelIsAcknowledged(sql, from);
  const cancelled = acknowledged || cause.target === 'cancelled';
  // A job that is being undone already keeps its first target, and a cancel that decides nothing is not recorded.
  if (!acknowledged && cancelled && !UNDOING_STATES.includes(head.state)) {
    await sql.run(
      `insert into job_control (workspace_id, job_id, seq, action, actor)
       select $1, $2, coalesce(max(seq), 0) + 1, 'cancel', 'temporal' from job_control where workspace_id = $1 and job_id = $2`,
      key,
    );
  }
  const pageFailure = cause.failure?.errorId
    ? await sql.row<{ message: string }>('select message from page_failure where workspace_id = $1 and id = $2', [
        from.workspaceId,
        cause.failure.errorId,
      ])
    : undefined;
  const { mode } = await sql.one<{ mode: UndoMode }>(
    `select coalesce(undo_mode, case when $3 then on_cancel else on_failure end) as mode
     from job where workspace_id = $1 and id = $2`,
    [...key, cancelled],
  );
  const failure = !cancelled && cause.failure ? describeFailure(cause.failure, mode, pageFailure?.message) : null;
  await sql.run(
    `update job set owner = $3, fence = fence + 1, state = 'compensating', control = 'stop',
       undo_began_at = coalesce(undo_began_at, clock_timestamp()), target_state = coalesce(target_state, $4),
       undo_mode = $6, failure = case when coalesce(target_state, $4) = 'failed' then coalesce(failure, $5::jsonb) end
     where workspace_id = $1 and id = $2`,
    [...key, compensator, cancelled ? 'cancelled' : 'failed', failure, mode],
  );
  await sql.run(
    'update job_control set applied_at = clock_timestamp() where workspace_id = $1 and job_id = $2 and applied_at is null',
    key,
  );
  await appendListEvent(sql, from.workspaceId, head.list_id, { jobId: from.jobId });
}

async function changeState(
  database: Database,
  by: Fence,
  work: (sql: Sql, head: JobHead) => Promise<void>,
): Promise<void> {
  await database.inWorkspace(by.workspaceId, async (sql) => {
    await lockJob(sql, by.jobId);
    const head = await readJobHead(sql, by);
    if (!head || !holdsFence(head, by)) throw superseded(by.jobId);
    await work(sql, head);
    await appendListEvent(sql, by.workspaceId, head.list_id, { jobId: by.jobId });
  });
}

async function cancelIsAcknowledged(sql: Sql, job: JobRef): Promise<boolean> {
  const row = await sql.row(
    `select 1 from job_control where workspace_id = $1 and job_id = $2 and action = 'cancel' limit 1`,
    [job.workspaceId, job.jobId],
  );
  return row !== undefined;
}

async function refuseAcknowledgedCancel(sql: Sql, by: Fence): Promise<void> {
  if (!(await cancelIsAcknowledged(sql, by))) return;
  throw ApplicationFailure.nonRetryable(
    'A cancel was acknowledged before the job was complete',
    CANCEL_ACKNOWLEDGED_FAILURE,
  );
}
