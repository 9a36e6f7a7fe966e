import { runWorkerApp } from '@uno/worker-kit';
import { signalsEnvironment } from './config/signals-environment.js';
import { SignalsWorkerModule } from './signals-worker.module.js';

await runWorkerApp({
  name: 'signals-worker',
  environment: signalsEnvironment,
  module: (configuration) => SignalsWorkerModule.register(configuration),
});
