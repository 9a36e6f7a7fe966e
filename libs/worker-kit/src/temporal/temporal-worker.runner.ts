import { Inject, Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Worker } from '@temporalio/worker';
import { WorkerLifecycle } from '../lifecycle/worker-lifecycle.js';
import { bindActivities } from './bind-activities.js';
import { connectToTemporal } from './connect.js';
import { installTemporalRuntime } from './temporal-runtime.js';
import { TEMPORAL_WORKER_OPTIONS, type TemporalWorkerOptions } from './temporal-worker.options.js';
import { loadWorkflowBundle } from './workflow-bundle.js';

/** Pages in flight get so long to finish their calls before they are cancelled; the stack ends everything within 10 s. */
const SHUTDOWN_GRACE = '5s';
const SHUTDOWN_FORCE = '8s';
/** A killed worker's workflows go to another one after this time; the SDK's default is 10 s. */
const STICKY_TIMEOUT = '2s';
/** An activity learns of a cancellation with a heartbeat, so heartbeats must not be held back for long. */
const HEARTBEAT_THROTTLE = '1s';

/** Runs the one Temporal worker of this process, from connecting to drained. */
@Injectable()
export class TemporalWorkerRunner {
  readonly #logger = new Logger('TemporalWorker');
  #worker: Worker | undefined;

  constructor(
    @Inject(TEMPORAL_WORKER_OPTIONS) private readonly options: TemporalWorkerOptions,
    private readonly moduleRef: ModuleRef,
    private readonly lifecycle: WorkerLifecycle,
  ) {
    lifecycle.addReadinessCheck('temporal worker', () => this.#worker?.getState() === 'RUNNING');
  }

  /**
   * Resolves after a drain; rejects when the worker cannot start or go on, and then the process must end, so that its
   * supervisor starts it anew.
   */
  async run(): Promise<void> {
    const { taskQueue } = this.options;
    const activities = bindActivities(
      this.options.activities.map((type) => this.moduleRef.get<object>(type, { strict: false })),
      this.options.promisedActivities,
    );
    const workflowTypes = this.options.contracts.map(({ workflowType }) => workflowType);
    const code = await loadWorkflowBundle(this.options.workflows, workflowTypes);
    installTemporalRuntime(this.#logger);
    const { drainSignal } = this.lifecycle;
    const target = await connectToTemporal(this.#logger, drainSignal).catch((error: unknown) => {
      if (drainSignal.aborted) return undefined;
      throw error;
    });
    if (!target) return;
    try {
      this.#worker = await Worker.create({
        ...target,
        taskQueue,
        activities,
        workflowBundle: { code },
        ...(this.options.maxConcurrentActivities === undefined
          ? {}
          : { maxConcurrentActivityTaskExecutions: this.options.maxConcurrentActivities }),
        shutdownGraceTime: SHUTDOWN_GRACE,
        shutdownForceTime: SHUTDOWN_FORCE,
        stickyQueueScheduleToStartTimeout: STICKY_TIMEOUT,
        maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
        defaultHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
      });
      if (drainSignal.aborted) return;
      const running = this.#worker.run();
      drainSignal.addEventListener('abort', () => this.#shutdown(), { once: true });
      this.#logger.log({ msg: 'The worker polls', taskQueue, workflowTypes, activities: Object.keys(activities) });
      await running;
      this.#logger.log({ msg: 'The worker has drained', taskQueue });
    } finally {
      await target.connection.close();
    }
  }

  /** Stops polling and lets running pages finish; `run` resolves when they have. Safe to call in any state. */
  drain(): void {
    this.lifecycle.beginDrain();
  }

  #shutdown(): void {
    if (this.#worker?.getState() === 'RUNNING') this.#worker.shutdown();
  }
}
