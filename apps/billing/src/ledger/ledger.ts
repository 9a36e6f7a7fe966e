import type { Queryable } from '../database/database.js';

/** What a ledger line says happened. */
export type EntryKind = 'grant' | 'hold' | 'capture' | 'release' | 'refund' | 'expire';

type Bucket = 'granted' | 'available' | 'held' | 'spent';

/** From which bucket to which one each kind moves credits. Credits come into being out of `granted`. */
const MOVES: Readonly<Record<EntryKind, { readonly from: Bucket; readonly to: Bucket }>> = {
  grant: { from: 'granted', to: 'available' },
  hold: { from: 'available', to: 'held' },
  capture: { from: 'held', to: 'spent' },
  release: { from: 'held', to: 'available' },
  expire: { from: 'held', to: 'available' },
  refund: { from: 'spent', to: 'available' },
};

/** A line to write: an amount in credits and what it is for. A line of 0 credits is not written. */
export interface LedgerLine {
  readonly amount: number;
  readonly reference?: string;
  readonly holdId?: string;
  readonly captureId?: string;
  readonly jobId?: string;
  readonly pageNo?: number;
  readonly columnId?: string;
  readonly note?: string;
}

/**
 * Writes entries with their two postings each, in one statement; the database applies them to the balances of the
 * account. The caller holds the account's lock.
 * @returns the ids of the entries written.
 * @throws an error of the database when a balance would become negative.
 */
export async function postEntries(
  connection: Queryable,
  accountId: string,
  kind: EntryKind,
  lines: readonly LedgerLine[],
): Promise<string[]> {
  const { from, to } = MOVES[kind];
  const written = await connection.query<{ id: string }>(
    `with written as (
       insert into entry (account_id, kind, amount, reference, hold_id, capture_id, job_id, page_no, column_id, note)
       select $1, $2, amount, reference, "holdId", "captureId", "jobId", "pageNo", "columnId", note
       from jsonb_to_recordset($3::jsonb) as line (amount bigint, reference text, "holdId" text, "captureId" text,
         "jobId" text, "pageNo" integer, "columnId" text, note text)
       where amount > 0
       returning id, account_id, amount
     ), posted as (
       insert into posting (entry_id, account_id, bucket, amount)
       select id, account_id, $4, -amount from written
       union all
       select id, account_id, $5, amount from written
     )
     select id::text from written order by written.id`,
    [accountId, kind, JSON.stringify(lines), from, to],
  );
  return written.rows.map((row) => row.id);
}
