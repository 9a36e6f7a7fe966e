import { Module } from '@nestjs/common';
import { HealthController } from '../health/health.controller.js';
import { WorkerMetrics } from '../health/worker-metrics.js';
import { WorkerLifecycle } from './worker-lifecycle.js';

/** Health routes, metrics and the drain signal: one instance of each per process. */
@Module({
  controllers: [HealthController],
  providers: [WorkerLifecycle, WorkerMetrics],
  exports: [WorkerLifecycle, WorkerMetrics],
})
export class WorkerLifecycleModule {}
