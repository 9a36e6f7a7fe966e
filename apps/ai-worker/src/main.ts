import { runWorkerApp } from '@uno/worker-kit';
import { aiEnvironment } from './config/ai-environment.js';
import { AiWorkerModule } from './ai-worker.module.js';

await runWorkerApp({
  name: 'ai-worker',
  environment: aiEnvironment,
  module: (configuration) => AiWorkerModule.register(configuration),
});
