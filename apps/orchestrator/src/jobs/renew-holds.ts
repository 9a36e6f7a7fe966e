import type { Money } from './job-credits.js';

/** Holds looked at by one run; the rest are due at the next. */
const HOLDS_PER_RUN = 100;
const RENEWALS_AT_A_TIME = 8;

interface DueHold {
  readonly workspace_id: string;
  readonly job_id: string;
  readonly n: number;
}

/**
 * Renews the holds of live jobs at half of their time to live, also of jobs that stand still (rule R5). Key and body come from
 * the hold's row, which is written before the call, so two replicas and every repeat ask for the same. A hold that ended is
 * no fault: the next capture holds again.
 * @returns how many were renewed
 * @throws BillingUnavailable when billing is away; what is not renewed is still due
 */
export async function renewHolds(money: Money): Promise<number> {
  const due = await money.database.acrossWorkspaces<DueHold>('select workspace_id, job_id, n from holds_to_renew($1)', [
    HOLDS_PER_RUN,
  ]);
  let renewed = 0;
  for (let at = 0; at < due.length; at += RENEWALS_AT_A_TIME) {
    const tries = await Promise.allSettled(
      due.slice(at, at + RENEWALS_AT_A_TIME).map((hold) => renewHold(money, hold)),
    );
    renewed += tries.filter((each) => each.status === 'fulfilled' && each.value).length;
    // One hold that billing cannot renew must not stand in the way of the others; where none goes through, none will now.
    const [first] = tries;
    if (first?.status === 'rejected' && tries.every(({ status }) => status === 'rejected')) throw first.reason;
  }
  return renewed;
}

async function renewHold({ database, billing }: Money, { workspace_id, job_id, n }: DueHold): Promise<boolean> {
  const key = [workspace_id, job_id, n];
  const asked = await database.inWorkspace(workspace_id, async (sql) => {
    // An open renewal keeps the moment it was first asked for: from that one its time may count.
    await sql.run(
      `update job_hold h set renewals = renewals + 1, renewal_asked_at = clock_timestamp(), renewal_open = true
       where workspace_id = $1 and job_id = $2 and n = $3 and not renewal_open and renewal_is_due(h)`,
      key,
    );
    return sql.row<{ holdId: string; k: number; ttlSeconds: number }>(
      `select hold_id as "holdId", renewals as k, ttl_seconds as "ttlSeconds" from job_hold
       where workspace_id = $1 and job_id = $2 and n = $3 and renewal_open`,
      key,
    );
  });
  if (!asked) return false;
  const lives = await billing.renew({ ...asked, jobId: job_id, n });
  await database.inWorkspace(workspace_id, (sql) =>
    sql.run(
      `update job_hold set renewal_open = false
       where workspace_id = $1 and job_id = $2 and n = $3 and renewals = $4`,
      [...key, asked.k],
    ),
  );
  return lives;
}
