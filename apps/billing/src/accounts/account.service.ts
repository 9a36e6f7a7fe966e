import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Problem, problemDetails } from '../http/problem.js';
import type { Answer } from '../idempotency/answer.js';
import { done, refuse } from '../idempotency/answer.js';
import { IdempotentCommands } from '../idempotency/idempotent-commands.js';
import { postEntries } from '../ledger/ledger.js';
import { AccountLock, readBalances } from './account-lock.js';
import type { AccountView, GrantBody } from './account.schema.js';

/** A grant as it is answered; its id is the id of its ledger line. */
export interface GrantView {
  readonly id: string;
  readonly amount: number;
  readonly account: AccountView;
}

/** Grants and balances. */
@Injectable()
export class AccountService {
  constructor(
    private readonly database: Database,
    private readonly commands: IdempotentCommands,
    private readonly accounts: AccountLock,
  ) {}

  /** Adds credits; the account exists from its first grant. Idempotent by key. */
  async grant(accountId: string, key: string, body: GrantBody): Promise<Answer<GrantView>> {
    const command = { accountId, key, operation: 'grant', body };
    return this.commands.run<GrantView>(command, async (connection, account) => {
      if (account.granted + body.amount > Number.MAX_SAFE_INTEGER) {
        return refuse(422, 'balance_too_large', 'The account would hold more credits than can be counted exactly.');
      }
      const { amount, note } = body;
      const [id] = await postEntries(connection, accountId, 'grant', [
        { amount, ...(note === undefined ? {} : { note }) },
      ]);
      if (id === undefined) {
        throw new Error('a grant wrote no entry');
      }
      return done(201, { id, amount, account: await readBalances(connection, accountId) });
    });
  }

  /**
   * The balances in one snapshot, after freeing what has expired.
   * @throws Problem 404 `account_not_found`.
   */
  async read(accountId: string): Promise<AccountView> {
    await this.endExpired(accountId);
    const account = await this.database.prisma.account.findUnique({ where: { id: accountId } });
    if (account === null) {
      throw new Problem(problemDetails(404, 'account_not_found', 'There is no such account.'));
    }
    return {
      id: account.id,
      granted: Number(account.granted),
      available: Number(account.available),
      held: Number(account.held),
      spent: Number(account.spent),
    };
  }

  /** Ends the holds of the account whose time has passed; takes the lock only where there are any. */
  async endExpired(accountId: string): Promise<void> {
    const overdue = await this.database.pool.query(
      `select from hold where account_id = $1 and state = 'open' and expires_at <= clock_timestamp() limit 1`,
      [accountId],
    );
    if (overdue.rowCount !== 0) {
      await this.database.transaction((connection) => this.accounts.acquire(connection, accountId));
    }
  }
}
