import type { Sources } from './check-job.js';
import type { Findings } from './findings.js';
import { balanceLaw } from './law-1-balance.js';
import { notNegativeLaw } from './law-2-not-negative.js';
import { appendOnlyLaw, entryLaw, foldLaw } from './law-3-postings.js';
import { heldLaw, referenceLaw } from './law-4-holds.js';
import { OneEffectPerKey } from './law-5-keys.js';
import { CapturedForNobody, jobsOf } from './law-6-captured-for-nobody.js';
import { EMPTY_LEDGER, foldEntry } from './ledger-fold.js';
import type { LedgerMark } from './ledger-fold.js';

export interface LedgerCheck {
  /** Folded from here on; from the first entry unless said otherwise. */
  readonly from?: LedgerMark;
  /** What an earlier look found: the same entries must give the same. */
  readonly known?: LedgerMark;
}

/**
 * Laws L1 to L6 of a workspace's credits: folds the stored postings and compares. Entries have the order of their
 * commits and each page comes with the account in the same snapshot, so a ledger that moves meanwhile gives no false alarm.
 */
export async function checkLedger(
  { database, billing }: Sources,
  workspaceId: string,
  findings: Findings,
  { from = EMPTY_LEDGER, known }: LedgerCheck = {},
): Promise<{ readonly mark: LedgerMark; readonly entries: number }> {
  const grants = new OneEffectPerKey();
  const forNobody = new CapturedForNobody();
  let mark = from;
  let entries = 0;
  let then: LedgerMark | undefined;
  for await (const { account, items, nextCursor } of billing.ledger(workspaceId, from.entryId)) {
    // Read after the page: a job's row is there before anything is held for it, so what is not there by now never was.
    const jobIds = await jobsOf(database, workspaceId, items);
    for (const entry of items) {
      findings.add(referenceLaw(entry));
      forNobody.entry(entry, jobIds);
      findings.add(entryLaw(entry));
      findings.add(grants.entry(entry));
      mark = foldEntry(mark, entry);
      findings.add(notNegativeLaw(mark, `After entry ${entry.id}`));
      if (entry.id === known?.entryId) then = mark;
    }
    entries += items.length;
    findings.add(balanceLaw(account));
    findings.add(notNegativeLaw(account, 'Now'));
    findings.add(heldLaw(account));
    if (nextCursor === null) findings.add(foldLaw(account, mark));
  }
  findings.add(forNobody.end());
  if (known !== undefined && known.entryId !== EMPTY_LEDGER.entryId) findings.add(appendOnlyLaw(known, then));
  return { mark, entries };
}
