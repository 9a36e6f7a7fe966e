import { fileURLToPath } from 'node:url';
import { Module, type DynamicModule } from '@nestjs/common';
import { enrichService } from '@uno/enrich-contract';
import { PageApiModule, TemporalWorkerModule, type WorkflowSource } from '@uno/worker-kit';
import { fillPage } from '@uno/workflow-contracts';
import {
  ENRICH_SETTINGS,
  EnrichActivities,
  PROMISED_ACTIVITIES,
  type EnrichSettings,
} from './activities/enrich.activities.js';
import type { EnrichEnvironment } from './config/enrich-environment.js';
import { LushaProvider, PdlProvider } from './enrich/index.js';

/** Written by the build, beside the compiled sources. */
const BUILT_WORKFLOWS = { bundlePath: fileURLToPath(new URL('./workflow-bundle.js', import.meta.url)) };

@Module({})
export class EnrichWorkerModule {
  static register(environment: EnrichEnvironment, workflows: WorkflowSource = BUILT_WORKFLOWS): DynamicModule {
    const { registration } = enrichService;
    const pageApi = PageApiModule.register({
      orchestratorUrl: environment.ORCHESTRATOR_URL,
      serviceKey: environment.SERVICE_KEY,
      service: registration,
    });
    return {
      module: EnrichWorkerModule,
      imports: [
        pageApi,
        TemporalWorkerModule.register({
          taskQueue: registration.taskQueue,
          workflows,
          contracts: [fillPage],
          activities: [EnrichActivities],
          promisedActivities: PROMISED_ACTIVITIES,
        }),
      ],
      providers: [{ provide: ENRICH_SETTINGS, useValue: settingsOf(environment) }, EnrichActivities],
    };
  }
}

function settingsOf(environment: EnrichEnvironment): EnrichSettings {
  const timeoutMs = environment.ENRICH_CALL_TIMEOUT_SECONDS * 1_000;
  const limit = (requestsPerSecond: number | undefined) =>
    requestsPerSecond === undefined ? {} : { requestsPerSecond };
  return {
    providers: [
      new LushaProvider({
        baseUrl: environment.LUSHA_URL,
        apiKey: environment.LUSHA_API_KEY,
        timeoutMs,
        ...limit(environment.LUSHA_REQUESTS_PER_SECOND),
      }),
      new PdlProvider({
        baseUrl: environment.PDL_URL,
        apiKey: environment.PDL_API_KEY,
        timeoutMs,
        ...limit(environment.PDL_REQUESTS_PER_SECOND),
      }),
    ],
    lookupsPerCall: environment.ENRICH_LOOKUPS_PER_CALL,
    callsPerPage: environment.ENRICH_CALLS_PER_PAGE,
    callsAtATime: environment.ENRICH_CALLS_AT_A_TIME,
    retryBudgetSeconds: environment.RETRY_BUDGET_SECONDS,
  };
}
