import { ApplicationFailure } from '@temporalio/common';
import { SUPERSEDED_FAILURE } from '@uno/workflow-contracts';
import { prepared } from '../database/sql.js';
import type { Sql } from '../database/sql.js';

const SHARE_LOCK = prepared('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))');
const READ_HEAD = prepared('select list_id, state, control, owner, fence from job where workspace_id = $1 and id = $2');

/**
 * Locks the job against being fenced until the transaction ends; writers on behalf of a job share it. A statement of its
 * own: under READ COMMITTED only the next statement is sure to see the fence as it is under the lock (rule R1).
 */
export async function shareJobLock(sql: Sql, jobId: string): Promise<void> {
  await sql.run(SHARE_LOCK, [`job:${jobId}`]);
}

/** Excludes every other writer of the job: begin, control, fence and the changes of state. */
export async function lockJob(sql: Sql, jobId: string): Promise<void> {
  await sql.run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`job:${jobId}`]);
}

export const FINAL_STATES: readonly string[] = ['completed', 'failed', 'cancelled'];

/** States of a job that a compensation owns: at work, or parked because a provider refuses. */
export const UNDOING_STATES: readonly string[] = ['compensating', 'compensation_failed'];

/** Who writes on behalf of a job: the fencing token it was given, and (for the orchestrator's own steps) its owner. */
export interface Fence {
  readonly workspaceId: string;
  readonly jobId: string;
  readonly fence: number;
  readonly owner?: string;
}

export interface JobHead {
  readonly list_id: string;
  readonly state: string;
  readonly control: 'run' | 'pause' | 'stop';
  readonly owner: string | null;
  readonly fence: number;
}

/** Thrown to a writer whose fence is old: it ends without compensating, since somebody else has taken over. */
export const superseded = (jobId: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`Job ${jobId} belongs to another owner now`, SUPERSEDED_FAILURE);

/**
 * The check of rule R1, for every write on behalf of a job: takes the shared lock, then verifies owner, fence and a
 * state that is not final.
 * @throws a non-retryable `Superseded` failure
 */
export async function enterAsOwner(sql: Sql, by: Fence): Promise<JobHead> {
  const [, job] = await Promise.all([shareJobLock(sql, by.jobId), readJobHead(sql, by)]);
  if (!job || !holdsFence(job, by)) throw superseded(by.jobId);
  return job;
}

/** The job as the fence check needs it; issue it after the lock. */
export async function readJobHead(sql: Sql, job: { workspaceId: string; jobId: string }): Promise<JobHead | undefined> {
  return sql.row<JobHead>(READ_HEAD, [job.workspaceId, job.jobId]);
}

/** True when `by` may still write for the job. */
export function holdsFence(job: JobHead, by: Fence): boolean {
  const owns = by.owner === undefined || job.owner === by.owner;
  return owns && job.fence === by.fence && !FINAL_STATES.includes(job.state);
}
