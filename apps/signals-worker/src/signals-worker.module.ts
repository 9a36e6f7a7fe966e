import { Module, type DynamicModule } from '@nestjs/common';
import { signalsService } from '@uno/signals-contract';
import { ServiceWorkerModule } from '@uno/worker-kit';
import { SIGNALS_SETTINGS, SignalsActivities, type SignalsSettings } from './activities/signals.activities.js';
import type { SignalsEnvironment } from './config/signals-environment.js';
import { LushaSignals } from './signals/index.js';

@Module({})
export class SignalsWorkerModule {
  static register(environment: SignalsEnvironment): DynamicModule {
    const { providers, limits } = environment;
    const settings: SignalsSettings = { provider: new LushaSignals(providers.lusha), limits };
    const worker = ServiceWorkerModule.register({
      service: signalsService.registration,
      environment,
      activities: SignalsActivities,
      providers: [{ provide: SIGNALS_SETTINGS, useValue: settings }],
      workflows: import.meta.url,
    });
    return { module: SignalsWorkerModule, imports: [worker] };
  }
}
