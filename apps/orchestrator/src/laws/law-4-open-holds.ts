import type { Database } from '../database/database.js';
import { FINAL_STATES } from '../jobs/job-lock.js';
import type { BillingAuditClient, OpenHold } from './billing-audit.client.js';
import { ALLOWANCE_SECONDS } from './law.js';
import type { Violation } from './law.js';

export interface OrphanHold extends OpenHold {
  /** `unknown`: its reference is no job of that workspace. */
  readonly job: 'final' | 'unknown';
}

/**
 * Open holds whose job is final or unknown. The holds are listed first and the jobs read then: a job's row is there before
 * anything is held for it, so what is not there by now never was, and a job that is final by now stays so. Accounts that
 * are no workspace of ours are somebody else's.
 */
export async function* orphanHolds(
  database: Database,
  billing: BillingAuditClient,
  which: { readonly accountId?: string; readonly olderThanSeconds?: number },
): AsyncGenerator<OrphanHold> {
  for await (const holds of billing.openHolds(which)) {
    const jobs = await database.acrossWorkspaces<{ account_id: string; reference: string; state: string | null }>(
      'select distinct account_id, reference, state from jobs_of_holds($1, $2)',
      [holds.map(({ accountId }) => accountId), holds.map(({ reference }) => reference)],
    );
    for (const hold of holds) {
      const job = jobs.find((one) => one.account_id === hold.accountId && one.reference === hold.reference);
      if (job?.state === null) yield { ...hold, job: 'unknown' };
      else if (job && FINAL_STATES.includes(job.state)) yield { ...hold, job: 'final' };
    }
  }
}

/** The reconciler closes such a hold after a minute; it has as long again for doing so. */
const CLOSED_AFTER_SECONDS = 60;

/**
 * L4, of an account: no hold is open whose job is unknown. One that the reconciler is about to close is settling. What was
 * captured of it is for the ledger; nothing captured costs nobody anything once it is closed.
 */
export async function* openHoldLaw(
  database: Database,
  billing: BillingAuditClient,
  workspaceId: string,
): AsyncGenerator<{ readonly violation: Violation; readonly settling: boolean }> {
  for await (const { id, reference, job, ageSeconds } of orphanHolds(database, billing, { accountId: workspaceId })) {
    if (job === 'final') continue;
    const detail = `Credits are held for ${reference}, which is no job of this workspace`;
    const violation: Violation = { law: 'L4', kind: 'hold_of_unknown_job', detail, holdId: id };
    yield { violation, settling: ageSeconds <= CLOSED_AFTER_SECONDS + ALLOWANCE_SECONDS };
  }
}
