import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { sourceConditionHook } from '@uno/workflow-contracts/testing';
import type { TestActivities } from './workflows/activities.js';

const SLOW_MS = 150;
// The programming errors of the tests are meant to happen.
const logger = new DefaultLogger('ERROR', () => undefined);
Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });

/** Bundles test workflows together with the library's sources. */
export async function bundleOf(file: string): Promise<string> {
  const workflowsPath = fileURLToPath(new URL(`workflows/${file}`, import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger, webpackConfigHook: sourceConditionHook });
  return code;
}

/** The calls of all workflows of one test file, in the order in which they arrived, with the workflow that made them. */
export class CallLog implements TestActivities {
  readonly calls: { readonly workflowId: string; readonly name: string }[] = [];

  of(workflowId: string): string[] {
    return this.calls.filter((call) => call.workflowId === workflowId).map(({ name }) => name);
  }

  names(): string[] {
    return this.calls.map(({ name }) => name);
  }

  act = async (name: string): Promise<void> => this.#note(name);

  actAndFail = async (name: string, type: string): Promise<void> => {
    this.#note(name);
    throw ApplicationFailure.nonRetryable('Refused', type);
  };

  actSlowly = async (name: string): Promise<void> => {
    this.#note(`${name} begins`);
    await sleep(SLOW_MS);
    this.#note(`${name} ends`);
  };

  actUntilCancelled = async (name: string): Promise<void> => {
    this.#note(name);
    const heartbeat = setInterval(() => Context.current().heartbeat(), 100);
    await Context.current().cancelled.finally(() => clearInterval(heartbeat));
  };

  #note(name: string): void {
    this.calls.push({ workflowId: Context.current().info.workflowExecution?.workflowId ?? '', name });
  }
}

export interface TestWorkerOptions {
  readonly address: string;
  readonly taskQueue: string;
  readonly code: string;
  readonly activities: CallLog;
}

/** Runs a worker until the answered function is called. */
export async function runTestWorker(options: TestWorkerOptions): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address: options.address });
  const { act, actAndFail, actSlowly, actUntilCancelled } = options.activities;
  const worker = await Worker.create({
    connection,
    taskQueue: options.taskQueue,
    workflowBundle: { code: options.code },
    activities: { act, actAndFail, actSlowly, actUntilCancelled },
    maxHeartbeatThrottleInterval: '200ms',
    stickyQueueScheduleToStartTimeout: '1s',
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}
