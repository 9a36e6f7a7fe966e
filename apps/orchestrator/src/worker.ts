import { processEnvironment, runWorkerApp } from '@uno/worker-kit';
import { WorkerModule } from './worker.module.js';

await runWorkerApp({
  name: 'orchestrator-worker',
  environment: processEnvironment,
  module: () => WorkerModule.register(),
});
