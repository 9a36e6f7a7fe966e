import type { JobRef } from '@uno/workflow-contracts';
import { appendListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import { conflict, notFound } from '../problems/problem.error.js';
import { lockJob, readJobHead } from './job-lock.js';

export type Action = 'cancel' | 'compensate';

/** Which actions a state allows. A state that is not named allows none. */
const ALLOWED: Readonly<Record<string, readonly Action[]>> = {
  accepted: ['cancel'],
  running: ['cancel'],
  completing: ['cancel'],
  compensation_failed: ['compensate'],
};

/** What the relay does once the action is acknowledged. */
const ORDERS: Readonly<Record<Action, string>> = { cancel: 'cancel-job', compensate: 'compensate-job' };

const PARKED =
  'The job is undone, but a provider has not taken back what the job wrote there. All it can be asked is to compensate.';

/**
 * Acknowledges an action on a job: a row that is kept and obeyed even while the orchestrator's worker is down or the workflow
 * has not started. The relay delivers it. What is asked again before it was applied is asked once.
 * @throws ProblemError 404, or 409 with the actions that are allowed
 */
export async function steerJob(
  sql: Sql,
  job: JobRef,
  { action, actor, note }: { readonly action: Action; readonly actor: string; readonly note?: string },
): Promise<void> {
  await lockJob(sql, job.jobId);
  const head = await readJobHead(sql, job);
  if (!head) throw notFound('job');
  const allowed = ALLOWED[head.state] ?? [];
  if (!allowed.includes(action)) {
    const detail = `The job is ${head.state}, so it cannot be asked to ${action}.`;
    throw conflict('state_conflict', head.state === 'compensation_failed' ? PARKED : detail, {
      extensions: { state: head.state, allowed },
    });
  }
  const { acknowledged } = await sql.one<{ acknowledged: boolean }>(
    `select exists (select from job_control where workspace_id = $1 and job_id = $2 and action = $3
                     and applied_at is null) as acknowledged`,
    [job.workspaceId, job.jobId, action],
  );
  if (acknowledged) return;
  await sql.run(
    `insert into job_control (workspace_id, job_id, seq, action, actor, note)
     select $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5 from job_control where workspace_id = $1 and job_id = $2`,
    [job.workspaceId, job.jobId, action, actor, note ?? null],
  );
  await sql.run(
    `update job set control = 'stop', next_revert_at = case when $3 then clock_timestamp() end
     where workspace_id = $1 and id = $2`,
    [job.workspaceId, job.jobId, action === 'compensate'],
  );
  await sql.run(`insert into outbox (workspace_id, topic, payload) values ($1, $2, $3)`, [
    job.workspaceId,
    ORDERS[action],
    { jobId: job.jobId },
  ]);
  await appendListEvent(sql, job.workspaceId, head.list_id, { jobId: job.jobId });
}
