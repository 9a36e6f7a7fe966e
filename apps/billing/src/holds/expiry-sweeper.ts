import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { AccountService } from '../accounts/account.service.js';
import { BillingConfig } from '../config/billing.config.js';
import { Database } from '../database/database.js';
import { Logger } from '../logging/logger.js';

const ACCOUNTS_PER_SWEEP = 100;

/**
 * Ends expired holds on accounts that nobody touches. It only makes sooner what any touch of the account would do, so
 * a sweep that fails, or runs in two replicas at once, does no harm.
 */
@Injectable()
export class ExpirySweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private sweep: Promise<void> | undefined;

  constructor(
    private readonly config: BillingConfig,
    private readonly database: Database,
    private readonly accounts: AccountService,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweep ??= this.run().finally(() => (this.sweep = undefined));
    }, this.config.expirySweepSeconds * 1_000);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweep;
  }

  private async run(): Promise<void> {
    try {
      const overdue = await this.database.pool.query<{ account_id: string }>(
        `select distinct account_id from hold where state = 'open' and expires_at <= clock_timestamp() limit $1`,
        [ACCOUNTS_PER_SWEEP],
      );
      for (const { account_id: accountId } of overdue.rows) {
        await this.accounts.endExpired(accountId);
      }
    } catch (error) {
      this.logger.pino.warn({ err: error }, 'sweep of expired holds failed');
    }
  }
}
