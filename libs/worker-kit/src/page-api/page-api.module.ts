import { Module, type DynamicModule } from '@nestjs/common';
import { WorkerLifecycleModule } from '../lifecycle/worker-lifecycle.module.js';
import { PageRunner } from '../page/page-runner.js';
import { RevertRunner } from '../page/revert-runner.js';
import { ControlStream } from './control.stream.js';
import { PageApiClient } from './page-api.client.js';
import { PAGE_API_OPTIONS, type PageApiOptions } from './page-api.options.js';
import { PageApiRateLease } from './page-api.rate-lease.js';
import { RateLease } from './rate-lease.js';
import { ServiceRegistrar } from './service.registrar.js';

/** Everything a team's worker needs to fill pages: Page API, control stream, rate leases, registration, the runners. */
@Module({})
export class PageApiModule {
  static register(options: PageApiOptions): DynamicModule {
    return {
      module: PageApiModule,
      imports: [WorkerLifecycleModule],
      providers: [
        { provide: PAGE_API_OPTIONS, useValue: options },
        { provide: RateLease, useClass: PageApiRateLease },
        PageApiClient,
        ControlStream,
        ServiceRegistrar,
        PageRunner,
        RevertRunner,
      ],
      exports: [PageApiClient, RateLease, ControlStream, PageRunner, RevertRunner],
    };
  }
}
