import { runWorkerApp } from '@uno/worker-kit';
import { crmEnvironment } from './config/crm-environment.js';
import { CrmWorkerModule } from './crm-worker.module.js';

await runWorkerApp({
  name: 'crm-worker',
  environment: crmEnvironment,
  module: (configuration) => CrmWorkerModule.register(configuration),
});
