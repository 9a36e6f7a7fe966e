import { createHash } from 'node:crypto';
import type { LedgerEntry } from './billing-audit.client.js';

export interface Balances {
  readonly granted: number;
  readonly available: number;
  readonly held: number;
  readonly spent: number;
}

/** A ledger up to an entry: its balances and a digest of all that is in it. */
export interface LedgerMark extends Balances {
  readonly entryId: string;
  readonly digest: string;
}

export const EMPTY_LEDGER: LedgerMark = { entryId: '0', digest: '', granted: 0, available: 0, held: 0, spent: 0 };

/** Adds an entry. Credits come into being out of `granted`, so its postings count with the other sign. */
export function foldEntry(ledger: LedgerMark, { id, kind, amount, postings }: LedgerEntry): LedgerMark {
  const moved = (bucket: string): number =>
    postings.filter((posting) => posting.bucket === bucket).reduce((sum, posting) => sum + posting.amount, 0);
  const lines = postings.map((posting) => `${posting.bucket}:${posting.amount}`).sort();
  return {
    entryId: id,
    digest: createHash('sha256')
      .update([ledger.digest, id, kind, amount, ...lines].join('|'))
      .digest('hex'),
    granted: ledger.granted - moved('granted'),
    available: ledger.available + moved('available'),
    held: ledger.held + moved('held'),
    spent: ledger.spent + moved('spent'),
  };
}
