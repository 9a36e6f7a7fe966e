import { Module } from '@nestjs/common';
import { BillingModule } from '../billing/billing.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { ListJobsController } from './list-jobs.controller.js';

@Module({
  imports: [BillingModule, OutboxModule],
  controllers: [ListJobsController, JobsController],
  providers: [JobsService],
})
export class JobsModule {}
