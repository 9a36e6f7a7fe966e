import type pg from 'pg';
import { openTestPool, startTestDatabase } from '@uno/testing';
import { AccountLock } from '../../src/accounts/account-lock.js';
import { AccountService } from '../../src/accounts/account.service.js';
import { CaptureService } from '../../src/captures/capture.service.js';
import { Database } from '../../src/database/database.js';
import { HoldService } from '../../src/holds/hold.service.js';
import { IdempotentCommands } from '../../src/idempotency/idempotent-commands.js';
import { MIGRATIONS } from '../support/billing-server.js';

export const CONNECTIONS = 12;

/** The services of billing over a fresh database with a pool of real connections, and a pool to look behind them. */
export class LedgerUnderTest {
  private constructor(
    readonly accounts: AccountService,
    readonly holds: HoldService,
    readonly captures: CaptureService,
    readonly admin: pg.Pool,
    private readonly sameRole: pg.Pool,
    private readonly close: () => Promise<void>,
  ) {}

  /** @param planted what a test of the test breaks: the account's lock, or the class that runs commands. */
  static async start(
    planted: { lock?: AccountLock; Commands?: typeof IdempotentCommands } = {},
  ): Promise<LedgerUnderTest> {
    const { lock = new AccountLock(), Commands = IdempotentCommands } = planted;
    const testDatabase = await startTestDatabase({ migrations: MIGRATIONS, role: 'uno_billing' });
    const database = new Database(testDatabase.url, { connections: CONNECTIONS, onConnectionError: () => undefined });
    const admin = openTestPool(testDatabase.adminUrl, 4);
    const sameRole = openTestPool(testDatabase.url);
    const commands = new Commands(database, lock);
    const accounts = new AccountService(database, commands, lock);
    const holds = new HoldService(database, commands, accounts);
    const captures = new CaptureService(database, commands, holds);
    return new LedgerUnderTest(accounts, holds, captures, admin, sameRole, async () => {
      await database.close();
      await admin.end();
      await sameRole.end();
      await testDatabase.stop();
    });
  }

  /** Ends a connection of the service in the middle of a transaction, if there is one, and waits until it is gone. */
  async crash(): Promise<void> {
    await this.sameRole.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
       where datname = current_database() and application_name = 'billing' and xact_start is not null limit 1`,
    );
  }

  async stop(): Promise<void> {
    await this.close();
  }
}
