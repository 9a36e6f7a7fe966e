import type { Database } from '../database/database.js';

/** A live job as it was read before its workflow was asked for. */
export interface WatchedJob {
  readonly workspace_id: string;
  readonly job_id: string;
  readonly owner: string | null;
  readonly fence: number;
  /** It was found without a workflow at an earlier tick. */
  readonly missing: boolean;
}

/** After each take-over the next one waits longer, so that an undo that fails again and again is not tried without end. */
const FIRST_WAIT_SECONDS = 10;
const LONGEST_WAIT_SECONDS = 300;

/**
 * Notes that a job has no workflow at this tick.
 * @returns true when it had none at an earlier tick either, under the same owner and fence, and may be taken over
 */
export async function noteMissing(database: Database, job: WatchedJob, tick: string): Promise<boolean> {
  return database.inWorkspace(job.workspace_id, async (sql) => {
    const { confirmed } = await sql.one<{ confirmed: boolean }>(
      `insert into job_watch as w (workspace_id, job_id, owner, fence, first_tick, missing_since)
       values ($1, $2, $3, $4, $5, now())
       on conflict (workspace_id, job_id) do update set owner = excluded.owner, fence = excluded.fence,
         missing_since = coalesce(w.missing_since, excluded.missing_since),
         first_tick = case when w.first_tick is not null and (w.owner, w.fence) is not distinct from (excluded.owner, excluded.fence)
                           then w.first_tick else excluded.first_tick end
       returning first_tick <> $5 and next_takeover_at <= now() as confirmed`,
      [job.workspace_id, job.job_id, job.owner, job.fence, tick],
    );
    return confirmed;
  });
}

/** Notes that the workflow is there again. */
export async function notePresent(database: Database, job: WatchedJob): Promise<void> {
  await database.inWorkspace(job.workspace_id, (sql) =>
    sql.run('update job_watch set first_tick = null, missing_since = null where workspace_id = $1 and job_id = $2', [
      job.workspace_id,
      job.job_id,
    ]),
  );
}

/** Notes that a compensation was started: the next one needs two ticks and a pause. `missing_since` stays until one runs. */
export async function noteTakeover(database: Database, job: WatchedJob): Promise<void> {
  await database.inWorkspace(job.workspace_id, (sql) =>
    sql.run(
      `update job_watch set first_tick = null, takeovers = takeovers + 1,
         next_takeover_at = now() + make_interval(secs => least($3 * 2 ^ takeovers, $4))
       where workspace_id = $1 and job_id = $2`,
      [job.workspace_id, job.job_id, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS],
    ),
  );
}
