import { fileURLToPath } from 'node:url';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { fillPage, revertPage, type ServiceRegistration } from '@uno/workflow-contracts';
import type { PageActivities } from '@uno/workflow-contracts/workflow';
import type { ServiceEnvironment } from './config/service-environment.js';
import { PageApiModule } from './page-api/page-api.module.js';
import { TemporalWorkerModule } from './temporal/temporal-worker.module.js';
import type { WorkflowSource } from './temporal/workflow-bundle.js';

export type { PageActivities };

export interface ServiceWorkerOptions<Activities extends PageActivities> {
  /** The service's catalogue entry. */
  readonly service: ServiceRegistration;
  readonly environment: ServiceEnvironment;
  /** Fulfils what the registration promises: `revertPage` too for a service with the capability `revert`. */
  readonly activities: Type<Activities>;
  /** What the activities are injected with. */
  readonly providers?: readonly Provider[];
  /** URL of the app's compiled module, beside which the build writes the workflow bundle; or the workflows of a test. */
  readonly workflows: string | WorkflowSource;
}

/** A team's whole worker: the Page API, the Temporal worker of the service's queue, and the activities. */
@Module({})
export class ServiceWorkerModule {
  static register<Activities extends PageActivities>(options: ServiceWorkerOptions<Activities>): DynamicModule {
    const { service, environment, activities, providers = [], workflows } = options;
    const { absentAfterSeconds = service.absentAfterSeconds } = environment;
    const contracts = service.capabilities.revert ? [fillPage, revertPage] : [fillPage];
    return {
      module: ServiceWorkerModule,
      imports: [
        PageApiModule.register({
          orchestratorUrl: environment.ORCHESTRATOR_URL,
          serviceKey: environment.SERVICE_KEY,
          service: { ...service, absentAfterSeconds },
        }),
        TemporalWorkerModule.register({
          taskQueue: service.taskQueue,
          workflows: typeof workflows === 'string' ? builtBeside(workflows) : workflows,
          contracts,
          activities: [activities],
          promisedActivities: service.capabilities.revert ? ['fillPage', 'revertPage'] : ['fillPage'],
        }),
      ],
      providers: [...providers, activities],
    };
  }
}

const builtBeside = (moduleUrl: string): WorkflowSource => ({
  bundlePath: fileURLToPath(new URL('./workflow-bundle.js', moduleUrl)),
});
