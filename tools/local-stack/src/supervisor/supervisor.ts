import { StackError } from '../stack/stack-error.js';
import { waitUntil } from '../wait-until.js';
import type { ServiceDefinition, ServiceStatus } from './service-definition.js';
import { type ServiceEvents, SupervisedService } from './supervised-service.js';

const READY_TIMEOUT_MS = 120_000;
const RESTARTS_BEFORE_GIVING_UP = 4;

/** Services that start together and end together. */
export interface ServiceGroup {
  readonly services: readonly ServiceDefinition[];
  /** How long they get for a clean end, in milliseconds, before they are killed. */
  readonly graceMs: number;
}

/** Looks after all processes of a stack: groups start one after another and end in the opposite order. */
export class Supervisor {
  private readonly started: { services: SupervisedService[]; graceMs: number }[] = [];
  private stopped: Promise<void> | undefined;

  constructor(private readonly events: ServiceEvents) {}

  statuses(): ServiceStatus[] {
    return this.started.flatMap(({ services }) => services.map((service) => service.status()));
  }

  /**
   * Starts a group and resolves when every member is ready.
   *
   * @throws StackError with the last lines of a member that keeps crashing, or is not ready within two minutes.
   */
  async startGroup(group: ServiceGroup): Promise<void> {
    if (this.stopped) return;
    const services = group.services.map((definition) => new SupervisedService(definition, this.events));
    this.started.push({ services, graceMs: group.graceMs });
    for (const service of services) service.start();
    await Promise.all(services.map((service) => this.untilReady(service)));
  }

  /** Ends everything, the group that was started last first. Calls after the first wait for it. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    for (const { services, graceMs } of [...this.started].reverse()) {
      await Promise.all(services.map((service) => service.stop(graceMs)));
    }
  }

  private async untilReady(service: SupervisedService): Promise<void> {
    const { name } = service.definition;
    const failed = (reason: string): StackError =>
      new StackError(`${name} ${reason}. Its last lines:\n${service.complaint()}`);
    const state = await waitUntil(
      () => {
        if (this.stopped) return 'stopped';
        const { healthy, restarts } = service.status();
        if (restarts >= RESTARTS_BEFORE_GIVING_UP) return 'crashing';
        return healthy && 'ready';
      },
      { timeoutMs: READY_TIMEOUT_MS, what: name },
    ).catch(() => {
      throw failed(`was not ready within ${READY_TIMEOUT_MS / 1_000} s`);
    });
    if (state === 'crashing') throw failed('keeps ending before it is ready');
  }
}
