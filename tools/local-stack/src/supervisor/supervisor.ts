import { StackError } from '../stack/stack-error.js';
import { waitUntil } from '../wait-until.js';
import type { ServiceDefinition, ServiceStatus } from './service-definition.js';
import { type ServiceEvents, SupervisedService } from './supervised-service.js';

const READY_TIMEOUT_MS = 120_000;
/** The stack waits no longer than that for a process that it can do without. */
const LAG_TIMEOUT_MS = 20_000;
const RESTARTS_BEFORE_GIVING_UP = 4;

/** Services that start together and end together. */
export interface ServiceGroup {
  readonly services: readonly ServiceDefinition[];
  /** How long they get for a clean end, in milliseconds, before they are killed. */
  readonly graceMs: number;
  /** Whether the stack can do without a member: one that is not ready soon holds nobody up, and is started again and again. */
  readonly mayLag?: boolean;
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
   * Starts a group and resolves when every member is ready, or lags where that is allowed.
   *
   * @throws StackError with the last lines of a member that keeps crashing, or is not ready within two minutes.
   */
  async startGroup(group: ServiceGroup): Promise<void> {
    if (this.stopped) return;
    const services = group.services.map((definition) => new SupervisedService(definition, this.events));
    this.started.push({ services, graceMs: group.graceMs });
    for (const service of services) service.start();
    if (!group.mayLag) await Promise.all(services.map((service) => this.untilReady(service, READY_TIMEOUT_MS)));
    else await Promise.all(services.map((service) => this.readyOrLagging(service)));
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

  private async readyOrLagging(service: SupervisedService): Promise<void> {
    await this.untilReady(service, LAG_TIMEOUT_MS).catch((error: Error) =>
      this.events.notice(service.definition.name, `holds nobody up: ${error.message}`),
    );
  }

  private async untilReady(service: SupervisedService, timeoutMs: number): Promise<void> {
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
      { timeoutMs, what: name },
    ).catch(() => {
      throw failed(`was not ready within ${timeoutMs / 1_000} s`);
    });
    if (state === 'crashing') throw failed('keeps ending before it is ready');
  }
}
