import { inCredits } from '../credits/in-credits.js';
import type { AccountRow, LedgerEntry } from './billing-audit.client.js';
import type { Violation } from './law.js';
import type { LedgerMark } from './ledger-fold.js';

/** From which bucket to which one a kind of entry moves its amount. */
const MOVES: Readonly<Record<string, readonly [from: string, to: string]>> = {
  grant: ['granted', 'available'],
  hold: ['available', 'held'],
  capture: ['held', 'spent'],
  release: ['held', 'available'],
  expire: ['held', 'available'],
  refund: ['spent', 'available'],
};

/** L3, of one entry: two postings that sum to zero and move its amount the way of its kind. */
export function* entryLaw({ id, kind, amount, postings }: LedgerEntry): Generator<Violation> {
  const [from, to] = MOVES[kind] ?? ['', ''];
  const takes = postings.find(({ bucket }) => bucket === from)?.amount;
  const gives = postings.find(({ bucket }) => bucket === to)?.amount;
  if (postings.length === 2 && takes === -amount && gives === amount) return;
  const lines = postings.map((posting) => `${posting.bucket} ${posting.amount}`).join(', ');
  yield {
    law: 'L3',
    kind: 'entry_unbalanced',
    detail: `Entry ${id} (${kind} of ${amount}) posts ${lines === '' ? 'nothing' : lines}`,
  };
}

/** L3, of a whole account: its balances are the fold of its postings. */
export function* foldLaw(account: AccountRow, fold: LedgerMark): Generator<Violation> {
  for (const bucket of ['granted', 'available', 'held', 'spent'] as const) {
    if (account[bucket] === fold[bucket]) continue;
    yield {
      law: 'L3',
      kind: 'balance_not_fold',
      detail: `The account says ${inCredits(account[bucket])} ${bucket}, its postings add up to ${fold[bucket]}`,
    };
  }
}

/** L3, against an earlier look at the same entries: postings are append-only. */
export function* appendOnlyLaw(before: LedgerMark, now: LedgerMark | undefined): Generator<Violation> {
  if (now?.digest === before.digest) return;
  yield {
    law: 'L3',
    kind: now === undefined ? 'entries_gone' : 'entries_changed',
    detail: `The ledger up to entry ${before.entryId} is not what it was`,
  };
}
