import { inCredits } from '../credits/in-credits.js';
import type { CaptureRow } from './billing-audit.client.js';
import type { Violation } from './law.js';

/** L8: refunds never exceed their capture, and the ledger says the same of them. */
export function* refundLaw(jobId: string, { id, amount, refunds, posted }: CaptureRow): Generator<Violation> {
  const refunded = refunds.reduce((sum, refund) => sum + refund.amount, 0);
  const at = { law: 'L8', jobId, captureId: id } as const;
  if (refunded > amount) {
    yield { ...at, kind: 'refund_exceeds', detail: `Billing captured ${inCredits(amount)} and refunded ${refunded}` };
  }
  if ((posted['refund'] ?? 0) !== refunded) {
    const detail = `Billing says ${inCredits(refunded)} refunded, the ledger posted ${posted['refund'] ?? 0}`;
    yield { ...at, kind: 'refund_posted', detail };
  }
}
