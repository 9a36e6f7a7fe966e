import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module.js';
import { BillingAuditClient } from './billing-audit.client.js';
import { ReconciliationsController } from './reconciliations.controller.js';
import { ReconciliationsService } from './reconciliations.service.js';
import { WorkflowProbe } from './workflow-probe.js';

/** What reads for the laws; the API adds the route. */
@Module({
  imports: [OutboxModule],
  providers: [BillingAuditClient, WorkflowProbe],
  exports: [BillingAuditClient, WorkflowProbe],
})
export class LawsModule {}

@Module({
  imports: [LawsModule],
  controllers: [ReconciliationsController],
  providers: [ReconciliationsService],
})
export class ReconciliationsModule {}
