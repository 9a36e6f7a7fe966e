import { Module, type DynamicModule } from '@nestjs/common';
import { crmService } from '@uno/crm-contract';
import { ServiceWorkerModule } from '@uno/worker-kit';
import { CRM_SETTINGS, CrmActivities, type CrmSettings } from './activities/crm.activities.js';
import type { CrmEnvironment } from './config/crm-environment.js';
import { HubspotProvider } from './crm/index.js';

@Module({})
export class CrmWorkerModule {
  static register(environment: CrmEnvironment): DynamicModule {
    const { providers, limits } = environment;
    const settings: CrmSettings = { provider: new HubspotProvider(providers.hubspot), limits };
    const worker = ServiceWorkerModule.register({
      service: crmService.registration,
      environment,
      activities: CrmActivities,
      providers: [{ provide: CRM_SETTINGS, useValue: settings }],
      workflows: import.meta.url,
    });
    return { module: CrmWorkerModule, imports: [worker] };
  }
}
