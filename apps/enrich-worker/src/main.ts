import { runWorkerApp } from '@uno/worker-kit';
import { enrichEnvironment } from './config/enrich-environment.js';
import { EnrichWorkerModule } from './enrich-worker.module.js';

await runWorkerApp({
  name: 'enrich-worker',
  environment: enrichEnvironment,
  module: (configuration) => EnrichWorkerModule.register(configuration),
});
