import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { WorkerLifecycle } from '../lifecycle/worker-lifecycle.js';
import { PageApiClient } from './page-api.client.js';
import { PAGE_API_OPTIONS, type PageApiOptions } from './page-api.options.js';

/** The registration is repeated so often as the sign of life of the service. */
const SIGN_OF_LIFE_SECONDS = 20;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/**
 * Registers the service with the orchestrator and repeats it as the sign of life. The orchestrator may start later than
 * its workers, and an operator may store the service's key later still, so every refusal is tried again.
 */
@Injectable()
export class ServiceRegistrar implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger('ServiceRegistrar');
  readonly #stop = new AbortController();
  #registered = false;
  #loop: Promise<void> | undefined;

  constructor(
    @Inject(PAGE_API_OPTIONS) private readonly options: PageApiOptions,
    private readonly client: PageApiClient,
    lifecycle: WorkerLifecycle,
  ) {
    lifecycle.addReadinessCheck('registration', () => this.#registered);
  }

  onApplicationBootstrap(): void {
    this.#loop = this.#repeat(this.#stop.signal).catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #repeat(signal: AbortSignal): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; ;) {
      const refusal = await this.#register(signal);
      if (refusal === undefined) {
        waitMs = FIRST_WAIT_MS;
        await sleep(SIGN_OF_LIFE_SECONDS * 1_000, undefined, { signal });
      } else {
        signal.throwIfAborted();
        this.#logger.warn({ msg: 'The orchestrator did not take the registration, trying again', refusal, waitMs });
        await sleep(waitMs, undefined, { signal });
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      }
    }
  }

  async #register(signal: AbortSignal): Promise<string | undefined> {
    const { service } = this.options;
    try {
      await this.client.register(service, signal);
    } catch (error) {
      return error instanceof Error ? error.message : 'unknown';
    }
    if (!this.#registered) this.#logger.log({ msg: 'The service is registered', service: service.id });
    this.#registered = true;
    return undefined;
  }
}
