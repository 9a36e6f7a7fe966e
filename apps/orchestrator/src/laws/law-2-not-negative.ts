import { inCredits } from '../credits/in-credits.js';
import type { Balances } from './ledger-fold.js';
import type { Violation } from './law.js';

/** L2, after each entry of the ledger and of the account's row: no balance is negative. */
export function* notNegativeLaw(balances: Balances, when: string): Generator<Violation> {
  for (const bucket of ['granted', 'available', 'held', 'spent'] as const) {
    if (balances[bucket] >= 0) continue;
    yield { law: 'L2', kind: 'balance_negative', detail: `${when}, ${bucket} is ${inCredits(balances[bucket])}` };
  }
}
