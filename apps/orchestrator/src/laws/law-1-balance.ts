import { inCredits } from '../credits/in-credits.js';
import type { AccountRow } from './billing-audit.client.js';
import type { Violation } from './law.js';

/** L1, of the account's row in one snapshot: granted = available + held + spent. */
export function* balanceLaw({ granted, available, held, spent }: AccountRow): Generator<Violation> {
  if (granted === available + held + spent) return;
  yield {
    law: 'L1',
    kind: 'balance_unequal',
    detail: `Granted are ${inCredits(granted)}, but available ${available}, held ${held} and spent ${spent}`,
  };
}
