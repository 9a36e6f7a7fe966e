import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccountLock } from './accounts/account-lock.js';
import { AccountService } from './accounts/account.service.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditRepository } from './audit/audit.repository.js';
import { CaptureService } from './captures/capture.service.js';
import { CapturesController } from './captures/captures.controller.js';
import { BillingConfig } from './config/billing.config.js';
import { Database } from './database/database.js';
import { HealthController } from './health/health.controller.js';
import { AccountHoldsController } from './holds/account-holds.controller.js';
import { ExpirySweeper } from './holds/expiry-sweeper.js';
import { HoldService } from './holds/hold.service.js';
import { HoldsController } from './holds/holds.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { ServiceKeyGuard } from './http/service-key.guard.js';
import { IdempotentCommands } from './idempotency/idempotent-commands.js';
import { EntryRepository } from './ledger/entry.repository.js';
import { Logger } from './logging/logger.js';
import { Metrics } from './metrics/metrics.js';
import { MetricsController } from './metrics/metrics.controller.js';

const DATABASE_CONNECTIONS = 16;

/** The billing service, wired for one configuration. */
@Module({})
export class BillingModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  static register(config: BillingConfig): DynamicModule {
    const logger = new Logger(config.logLevel);
    const database = new Database(config.databaseUrl, {
      connections: DATABASE_CONNECTIONS,
      onConnectionError: (error) => logger.pino.warn({ err: error }, 'a database connection broke'),
    });
    return {
      module: BillingModule,
      controllers: [
        AccountsController,
        AccountHoldsController,
        HoldsController,
        CapturesController,
        AuditController,
        HealthController,
        MetricsController,
      ],
      providers: [
        { provide: BillingConfig, useValue: config },
        { provide: Logger, useValue: logger },
        { provide: Database, useValue: database },
        { provide: Metrics, useValue: new Metrics() },
        { provide: APP_GUARD, useClass: ServiceKeyGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        AccountLock,
        IdempotentCommands,
        AccountService,
        HoldService,
        CaptureService,
        EntryRepository,
        AuditRepository,
        ExpirySweeper,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
