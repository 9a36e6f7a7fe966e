import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { TemporalWorkerModule } from '@uno/worker-kit';
import type { WorkflowSource } from '@uno/worker-kit';
import { ORCHESTRATOR_TASK_QUEUE, compensateJob, fillJob, fillSegment, reconcile } from '@uno/workflow-contracts';
import { JobActivities } from './activities/job.activities.js';
import { ReconcileActivities } from './activities/reconcile.activities.js';
import { RevertActivities } from './activities/revert.activities.js';
import { BillingModule } from './billing/billing.module.js';
import { DatabaseModule } from './database/database.module.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { ReconcilerModule } from './reconciler/reconciler.module.js';

/** Written by the build, beside the compiled sources. */
const BUILT_WORKFLOWS = { bundlePath: fileURLToPath(new URL('./workflow-bundle.js', import.meta.url)) };

const PROMISED_ACTIVITIES: readonly (keyof JobActivities | keyof RevertActivities | keyof ReconcileActivities)[] = [
  'beginJob',
  'readStages',
  'holdCredits',
  'releaseHold',
  'openPage',
  'restorePages',
  'sealAndCapture',
  'refundCaptures',
  'dueReverts',
  'completeJob',
  'finishJob',
  'fenceJob',
  'reconcileTick',
];

/** The orchestrator's worker: parent workflows and their steps, and a relay that goes on while the API is down. */
@Module({})
export class WorkerModule {
  static register(workflows: WorkflowSource = BUILT_WORKFLOWS): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        DatabaseModule,
        BillingModule,
        OutboxModule,
        ReconcilerModule,
        TemporalWorkerModule.register({
          taskQueue: ORCHESTRATOR_TASK_QUEUE,
          workflows,
          contracts: [fillJob, fillSegment, compensateJob, reconcile],
          activities: [JobActivities, RevertActivities, ReconcileActivities],
          promisedActivities: PROMISED_ACTIVITIES,
        }),
      ],
      providers: [JobActivities, RevertActivities],
    };
  }
}
