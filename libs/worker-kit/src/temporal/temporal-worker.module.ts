import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { WorkerLifecycleModule } from '../lifecycle/worker-lifecycle.module.js';
import { TEMPORAL_WORKER_OPTIONS, type TemporalWorkerOptions } from './temporal-worker.options.js';
import { TemporalWorkerRunner } from './temporal-worker.runner.js';

/** Runs exactly one Temporal worker in a Nest app. The app's modules provide the activity classes that are named here. */
@Module({})
export class TemporalWorkerModule {
  static register({ imports, ...options }: TemporalWorkerOptions & Pick<ModuleMetadata, 'imports'>): DynamicModule {
    return {
      module: TemporalWorkerModule,
      imports: [WorkerLifecycleModule, ...(imports ?? [])],
      providers: [{ provide: TEMPORAL_WORKER_OPTIONS, useValue: options }, TemporalWorkerRunner],
      exports: [TemporalWorkerRunner],
    };
  }
}
