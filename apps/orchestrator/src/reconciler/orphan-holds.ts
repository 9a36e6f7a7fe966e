import { Logger } from '@nestjs/common';
import type { BillingClient } from '../billing/billing.client.js';
import type { Database } from '../database/database.js';
import type { BillingAuditClient } from '../laws/billing-audit.client.js';
import { orphanHolds } from '../laws/law-4-open-holds.js';
import type { Duty } from './duty.js';
import { Tries } from './tries.js';

/** A hold that is younger is left alone, whatever it seems to be. */
const ORPHAN_AFTER_SECONDS = 60;

const log = new Logger('Reconciler');

export interface OrphanHolds {
  readonly database: Database;
  readonly audit: BillingAuditClient;
  readonly billing: BillingClient;
  readonly orphanAfterSeconds?: number;
}

/**
 * Releases credits that are held for a job that is final or unknown, by closing the reference. A live job's hold is renewed or
 * expires; it is none of this duty's business.
 */
export const orphanHoldsDuty = ({
  database,
  audit,
  billing,
  orphanAfterSeconds = ORPHAN_AFTER_SECONDS,
}: OrphanHolds): Duty => ({
  name: 'orphan-holds',
  run: async () => {
    const tries = new Tries();
    for await (const hold of orphanHolds(database, audit, { olderThanSeconds: orphanAfterSeconds })) {
      await tries.of(async () => {
        await billing.closeOrphan(hold.accountId, hold);
        const { id: holdId, accountId: workspaceId, reference, job } = hold;
        log.warn({ msg: `A hold of a job that is ${job} was closed`, holdId, workspaceId, reference });
        return true;
      });
    }
    return tries.end();
  },
});
