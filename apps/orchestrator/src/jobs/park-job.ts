import type { JobRef } from '@uno/workflow-contracts';
import type { Sql } from '../database/sql.js';
import { STILL_TO_REVERT } from '../effects/effect-record.js';

/** Why the revert of a step did not succeed: codes and ids, never a message. */
export interface RevertRefusal {
  readonly code: string;
  readonly service: string;
  readonly page: number;
  readonly step: number;
  readonly errorId?: string;
}

const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 3_600;

/**
 * Parks a job whose undo left writes at a provider standing (rule R8): not final, with its cells and credits put right. It is
 * tried again after a minute, then after twice as long each time, up to an hour. The first time a person is alerted. The
 * caller holds the job's lock and has checked its fence.
 * @returns false when nothing is left to take back
 */
export async function parkWhileEffectsStand(sql: Sql, job: JobRef, refusal?: RevertRefusal): Promise<boolean> {
  const key = [job.workspaceId, job.jobId];
  const open = await sql.row<{ service: string; page: number; step: number }>(
    `select e.service_id as service, e.page_no as page, e.step_no as step from ${STILL_TO_REVERT}
     order by e.page_no, e.step_no limit 1`,
    key,
  );
  if (!open) return false;
  const told = refusal?.errorId
    ? await sql.row<{ message: string }>('select message from page_failure where workspace_id = $1 and id = $2', [
        job.workspaceId,
        refusal.errorId,
      ])
    : undefined;
  const { attempts } = await sql.one<{ attempts: number }>(
    `update job set state = 'compensation_failed', revert_failure = $3, revert_attempts = revert_attempts + 1,
       parked_at = clock_timestamp(),
       next_revert_at = clock_timestamp() + make_interval(secs => least($4 * 2 ^ least(revert_attempts, 20), $5))
     where workspace_id = $1 and id = $2 returning revert_attempts as attempts`,
    [
      ...key,
      describe(refusal ?? { code: 'revert_incomplete', ...open }, told?.message),
      FIRST_WAIT_SECONDS,
      LONGEST_WAIT_SECONDS,
    ],
  );
  if (attempts === 1) {
    await sql.run(`insert into outbox (workspace_id, topic, payload) values ($1, 'alert', $2)`, [
      job.workspaceId,
      { alert: 'compensation_failed', jobId: job.jobId, code: 'revert_failed' },
    ]);
  }
  return true;
}

const CAUSES: Readonly<Record<string, string>> = {
  revert_timed_out: 'It took longer than its budget: the workers of the service or its provider are away or slow.',
  revert_incomplete: 'The service ended without saying what became of every record.',
};

function describe({ code: cause, ...where }: RevertRefusal, told?: string): Record<string, unknown> {
  const why = told ?? CAUSES[cause] ?? `The reason is ${cause}.`;
  return {
    ...{ code: 'revert_failed', cause, ...where },
    message:
      `Not all that this job wrote at the provider of the service "${where.service}" could be taken back. ${why} ` +
      'The cells and credits of the job are as they should be. It is tried again by itself; when the cause is mended, ' +
      'ask the job to compensate, and it is tried at once.',
  };
}
