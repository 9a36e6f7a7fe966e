import { Module, type DynamicModule } from '@nestjs/common';
import { aiService } from '@uno/ai-contract';
import { ServiceWorkerModule } from '@uno/worker-kit';
import { AI_LIMITS, AiActivities } from './activities/ai.activities.js';
import { AiProvider, OpenAiProvider } from './ai/index.js';
import type { AiEnvironment } from './config/ai-environment.js';

@Module({})
export class AiWorkerModule {
  static register(environment: AiEnvironment): DynamicModule {
    const { providers, limits, OPENAI_MODEL } = environment;
    const worker = ServiceWorkerModule.register({
      service: aiService.registration,
      environment,
      activities: AiActivities,
      providers: [
        { provide: AiProvider, useValue: new OpenAiProvider(providers.openai, OPENAI_MODEL) },
        { provide: AI_LIMITS, useValue: limits },
      ],
      workflows: import.meta.url,
    });
    return { module: AiWorkerModule, imports: [worker] };
  }
}
