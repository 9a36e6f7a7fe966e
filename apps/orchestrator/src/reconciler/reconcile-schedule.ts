import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import { ORCHESTRATOR_TASK_QUEUE, RECONCILE_SCHEDULE_ID, reconcile } from '@uno/workflow-contracts';
import { Config } from '../config/config.js';
import { TemporalClient } from '../outbox/temporal-client.js';

/** How often the schedule is looked for: a Temporal server may come back with an empty database. */
const LOOK_EVERY_MS = 10_000;
const CALL_TIMEOUT_MS = 3_000;
/** Ticks that were missed while the server was away are not made up for; this is the least the server takes. */
const CATCH_UP = '10s';

/**
 * Keeps the Temporal Schedule that starts the ticks: creates it where it is not there, gives it the configured interval at
 * the start of this process. Any number of workers may do so at once. It works in the background, so a worker starts and
 * stays up while Temporal is away.
 */
@Injectable()
export class ReconcileSchedule implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #log = new Logger('ReconcileSchedule');
  readonly #stop = new AbortController();
  readonly #everyMs: number;
  #intervalIsSet = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly temporal: TemporalClient,
    config: Config,
  ) {
    this.#everyMs = config.reconcileIntervalSeconds * 1_000;
  }

  onApplicationBootstrap(): void {
    this.#loop = this.#keep();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #keep(): Promise<void> {
    let warned = false;
    while (!this.#stop.signal.aborted) {
      try {
        await this.ensure();
        warned = false;
      } catch (error) {
        if (!warned)
          this.#log.warn(`The schedule is looked for again: ${error instanceof Error ? error.name : 'error'}`);
        warned = true;
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** Looks once. @throws when Temporal does not answer */
  async ensure(): Promise<void> {
    await this.temporal.client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => this.#ensure());
  }

  async #ensure(): Promise<void> {
    const { schedule } = this.temporal.client;
    const handle = schedule.getHandle(RECONCILE_SCHEDULE_ID);
    try {
      const { spec } = await handle.describe();
      const isAsConfigured = spec.intervals?.length === 1 && spec.intervals[0]?.every === this.#everyMs;
      if (!isAsConfigured && !this.#intervalIsSet) {
        await handle.update(({ action, policies }) => ({
          action,
          policies,
          spec: this.#spec(),
          state: { paused: false },
        }));
      }
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      await this.#create();
    }
    this.#intervalIsSet = true;
  }

  #spec(): { intervals: { every: number }[] } {
    return { intervals: [{ every: this.#everyMs }] };
  }

  async #create(): Promise<void> {
    try {
      await this.temporal.client.schedule.create({
        scheduleId: RECONCILE_SCHEDULE_ID,
        spec: this.#spec(),
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP },
        action: {
          type: 'startWorkflow',
          workflowType: reconcile.workflowType,
          workflowId: RECONCILE_SCHEDULE_ID,
          taskQueue: ORCHESTRATOR_TASK_QUEUE,
          args: [{}],
        },
      });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }
}
