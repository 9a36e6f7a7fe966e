import { Module } from '@nestjs/common';
import { WorkerLifecycleModule } from '@uno/worker-kit';
import { ReconcileActivities } from '../activities/reconcile.activities.js';
import { LawsModule } from '../laws/laws.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { ReconcileSchedule } from './reconcile-schedule.js';
import { ReconcilerMetrics } from './reconciler-metrics.js';
import { Reconciler } from './reconciler.js';

/** The reconciler as part of an orchestrator worker: its schedule, its duties, its metrics. */
@Module({
  imports: [LawsModule, OutboxModule, WorkerLifecycleModule],
  providers: [Reconciler, ReconcilerMetrics, ReconcileSchedule, ReconcileActivities],
  exports: [ReconcileActivities],
})
export class ReconcilerModule {}
