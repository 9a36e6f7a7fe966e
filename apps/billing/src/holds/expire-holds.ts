import type { Queryable } from '../database/database.js';
import { postEntries } from '../ledger/ledger.js';

/**
 * Ends the open holds of an account whose time has passed, by the database's clock, and frees what they had left.
 * The caller holds the account's lock.
 * @returns the number of holds that ended.
 */
export async function expireHolds(connection: Queryable, accountId: string): Promise<number> {
  const ended = await connection.query<{ id: string; reference: string; expired: number }>(
    `update hold set state = 'expired', expired = amount - captured, ended_at = clock_timestamp()
     where account_id = $1 and state = 'open' and expires_at <= clock_timestamp()
     returning id, reference, expired`,
    [accountId],
  );
  if (ended.rows.length > 0) {
    const lines = ended.rows.map(({ id, reference, expired }) => ({ amount: expired, reference, holdId: id }));
    await postEntries(connection, accountId, 'expire', lines);
  }
  return ended.rows.length;
}
