import { Injectable } from '@nestjs/common';
import type { Queryable } from '../database/database.js';
import { expireHolds } from '../holds/expire-holds.js';
import type { AccountView } from './account.schema.js';

/**
 * The lock that puts everything that happens to one account in a row. It is the first lock of every transaction that
 * moves credits, and the only one that waits, so there is no deadlock.
 */
@Injectable()
export class AccountLock {
  /**
   * Locks the account until the transaction ends, opens it where it does not exist, and ends what has expired.
   * @returns the balances under the lock.
   */
  async acquire(connection: Queryable, accountId: string): Promise<AccountView> {
    const account = (await this.lock(connection, accountId)) ?? (await this.open(connection, accountId));
    return (await expireHolds(connection, accountId)) > 0 ? readBalances(connection, accountId) : account;
  }

  /** Waits for the lock. A method of its own, so that a test can show what its absence does. */
  protected async lock(connection: Queryable, accountId: string): Promise<AccountView | undefined> {
    const locked = await connection.query<AccountView>(
      'select id, granted, available, held, spent from account where id = $1 for update',
      [accountId],
    );
    return locked.rows[0];
  }

  private async open(connection: Queryable, accountId: string): Promise<AccountView> {
    await connection.query('insert into account (id) values ($1) on conflict do nothing', [accountId]);
    const account = await this.lock(connection, accountId);
    if (account === undefined) {
      throw new Error('an account that was just opened is not there');
    }
    return account;
  }
}

/**
 * The balances as this connection sees them.
 * @throws Error where the account does not exist.
 */
export async function readBalances(connection: Queryable, accountId: string): Promise<AccountView> {
  const found = await connection.query<AccountView>(
    'select id, granted, available, held, spent from account where id = $1',
    [accountId],
  );
  const account = found.rows[0];
  if (account === undefined) {
    throw new Error('the account of a transaction is not there');
  }
  return account;
}
