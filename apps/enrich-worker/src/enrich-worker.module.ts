import { Module, type DynamicModule } from '@nestjs/common';
import { enrichService } from '@uno/enrich-contract';
import { ServiceWorkerModule } from '@uno/worker-kit';
import { ENRICH_SETTINGS, EnrichActivities, type EnrichSettings } from './activities/enrich.activities.js';
import type { EnrichEnvironment } from './config/enrich-environment.js';
import { LushaProvider, PdlProvider } from './enrich/index.js';

@Module({})
export class EnrichWorkerModule {
  static register(environment: EnrichEnvironment): DynamicModule {
    const { providers, limits } = environment;
    const settings: EnrichSettings = {
      providers: [new LushaProvider(providers.lusha), new PdlProvider(providers.pdl)],
      limits,
    };
    const worker = ServiceWorkerModule.register({
      service: enrichService.registration,
      environment,
      activities: EnrichActivities,
      providers: [{ provide: ENRICH_SETTINGS, useValue: settings }],
      workflows: import.meta.url,
    });
    return { module: EnrichWorkerModule, imports: [worker] };
  }
}
