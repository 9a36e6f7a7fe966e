import { WorkerMetrics } from '@uno/worker-kit';
import type { Config } from '../src/config/config.js';
import { BillingAuditClient } from '../src/laws/billing-audit.client.js';
import { checkWorkspace } from '../src/laws/check-workspace.js';
import type { Findings } from '../src/laws/findings.js';
import { WorkflowProbe } from '../src/laws/workflow-probe.js';
import { TemporalClient } from '../src/outbox/temporal-client.js';
import { ReconcileSchedule } from '../src/reconciler/reconcile-schedule.js';
import { ReconcilerMetrics } from '../src/reconciler/reconciler-metrics.js';
import { Reconciler } from '../src/reconciler/reconciler.js';
import type { BillingProcess } from './billing-process.js';
import type { RunningJobs, TemporalSide } from './workflow-fixture.js';

export interface ReconcilerFixture {
  readonly reconciler: Reconciler;
  readonly audit: BillingAuditClient;
  readonly metrics: WorkerMetrics;
  /** The activity that a worker runs at each tick. */
  readonly activity: Record<string, (input: never) => Promise<unknown>>;
  schedule(intervalSeconds?: number): ReconcileSchedule;
  check(): Promise<Findings>;
  stop(): Promise<void>;
}

/** The reconciler of a worker, over the same database, billing and namespace as the jobs. */
export function reconcilerOf(jobs: RunningJobs, side: TemporalSide, billing: BillingProcess): ReconcilerFixture {
  const config = { temporalConnection: { address: side.temporal.address }, temporalNamespace: side.namespace };
  const temporal = new TemporalClient(config as Config);
  const audit = new BillingAuditClient(billing.config as Config);
  const probe = new WorkflowProbe(temporal);
  const metrics = new WorkerMetrics();
  const { database, starter, workspaceId } = jobs;
  const observed = new ReconcilerMetrics(metrics, database);
  const reconciler = new Reconciler(database, billing.client, audit, probe, starter, temporal, observed);
  return {
    ...{ reconciler, audit, metrics },
    activity: { reconcileTick: ({ tick }: { readonly tick: string }) => reconciler.tick(tick) },
    schedule: (reconcileIntervalSeconds = 1) => new ReconcileSchedule(temporal, { reconcileIntervalSeconds } as Config),
    check: async () => (await checkWorkspace({ database, billing: audit, probe }, workspaceId)).findings,
    stop: () => temporal.onModuleDestroy(),
  };
}
