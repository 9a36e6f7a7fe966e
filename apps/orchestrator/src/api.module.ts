import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AuthModule } from './auth/auth.module.js';
import { BillingModule } from './billing/billing.module.js';
import { CellsModule } from './cells/cells.module.js';
import { ColumnsModule } from './columns/columns.module.js';
import { CreditsModule } from './credits/credits.module.js';
import { DatabaseModule } from './database/database.module.js';
import { EffectsModule } from './effects/effects.module.js';
import { HealthModule } from './health/health.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { ReconciliationsModule } from './laws/laws.module.js';
import { ListsModule } from './lists/lists.module.js';
import { LiveModule } from './live/live.module.js';
import { OperatorModule } from './operator/operator.module.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { PagesModule } from './pages/pages.module.js';
import { PrismaModule } from './prisma/prisma.module.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { RequestValidationPipe } from './problems/request-validation.pipe.js';
import { ServicesModule } from './services/services.module.js';

/** The API process: REST, Page API, live updates, operator routes. */
@Module({
  imports: [
    DatabaseModule,
    PrismaModule,
    BillingModule,
    AuthModule,
    HealthModule,
    OperatorModule,
    ServicesModule,
    ListsModule,
    ColumnsModule,
    CellsModule,
    CreditsModule,
    JobsModule,
    ReconciliationsModule,
    PagesModule,
    EffectsModule,
    OutboxModule,
    LiveModule,
  ],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: RequestValidationPipe },
  ],
})
export class ApiModule {}
