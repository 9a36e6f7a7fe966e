import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, NativeConnection, Runtime, Worker, bundleWorkflowCode } from '@temporalio/worker';
import { sourceConditionHook } from '@uno/worker-kit/testing';
import { bindActivities } from '@uno/worker-kit';
import { testTemporal, waitUntil } from '@uno/testing';
import type { TestTemporal } from '@uno/testing';
import { ORCHESTRATOR_TASK_QUEUE, jobWorkflowId } from '@uno/workflow-contracts';
import type { FillPageInput, FillPageResult, RevertPageInput, RevertPageResult } from '@uno/workflow-contracts';
import { JobActivities } from '../src/activities/job.activities.js';
import { RevertActivities } from '../src/activities/revert.activities.js';
import type { Config } from '../src/config/config.js';
import type { JobView } from '../src/jobs/job-request.js';
import { JobStarter } from '../src/outbox/job-starter.js';
import { OutboxRelay } from '../src/outbox/outbox.relay.js';
import { TemporalClient } from '../src/outbox/temporal-client.js';
import { startBilling } from './billing-process.js';
import type { BillingProcess } from './billing-process.js';
import { moneyFixture } from './money-fixture.js';
import type { MoneyFixture } from './money-fixture.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
export const WORKFLOWS = path('../src/workflows/index.ts');
export const HISTORIES = path('histories');

Logger.overrideLogger(false);
const silent = new DefaultLogger('ERROR', () => undefined);

/** Replay does not read stack traces, and they name paths of the machine that recorded them. */
const withoutStackTrace = (key: string, value: unknown): unknown => (key === 'stackTrace' ? '' : value);

/** Bundles the sources, so that a stale build is never what is tested. */
export async function bundle(workflowsPath: string): Promise<{ code: string }> {
  const { code } = await bundleWorkflowCode({ workflowsPath, webpackConfigHook: sourceConditionHook, logger: silent });
  return { code };
}

/** What a team's worker does with a page; by default it fills every open cell. */
export type PageBehaviour = (input: FillPageInput, fill: () => Promise<FillPageResult>) => Promise<FillPageResult>;

/** The Temporal side of a test file: a namespace of its own, because task queues have fixed names, and both bundles. */
export interface TemporalSide {
  readonly temporal: TestTemporal;
  readonly namespace: string;
  readonly bundles: { readonly jobs: { code: string }; readonly pages: { code: string } };
  readonly connection: NativeConnection;
  stop(): Promise<void>;
}

export async function temporalSide(): Promise<TemporalSide> {
  Runtime.install({ logger: silent, shutdownSignals: [] });
  const temporal = await testTemporal();
  const namespace = `test-${randomUUID()}`;
  const { connection: client } = temporal.client;
  await client.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  const connection = await NativeConnection.connect({ address: temporal.address });
  const [jobs, pages] = await Promise.all([bundle(WORKFLOWS), bundle(path('page-worker.workflows.ts'))]);
  await waitUntil(
    () =>
      client.workflowService.describeNamespace({ namespace }).then(
        () => true,
        () => false,
      ),
    { what: 'the namespace' },
  );
  return {
    ...{ temporal, namespace, connection, bundles: { jobs, pages } },
    stop: async () => {
      await connection.close();
      await temporal.close();
    },
  };
}

/** Billing and Temporal for the tests of one file, stopped after them. */
export async function serversForThisFile(): Promise<{ readonly billing: BillingProcess; readonly side: TemporalSide }> {
  const [billing, side] = await Promise.all([startBilling(), temporalSide()]);
  afterAll(async () => {
    await side.stop();
    await billing.stop();
  });
  return { billing, side };
}

export interface RunningJobs extends MoneyFixture {
  readonly client: TemporalClient['client'];
  readonly starter: JobStarter;
  /** Replaced by a test that wants a page to go otherwise. */
  behave: PageBehaviour;
  /** What the team's worker does to take a page back. Of a service that writes nothing it is never asked. */
  revert: (input: RevertPageInput) => Promise<RevertPageResult>;
  /** Starts the orchestrator's worker and a team's, where it is there; `overrides` replace activities of the former. */
  startWorkers(
    overrides?: Record<string, (...input: never[]) => Promise<unknown>>,
    team?: 'there' | 'absent',
  ): Promise<void>;
  /** Starts a worker for another team's queue, beside those that run. */
  startTeam(taskQueue: string): Promise<void>;
  stopWorkers(): Promise<void>;
  /** Waits until the job is final. */
  final(jobId: string): Promise<JobView>;
  /** Keeps the history of a job's workflow as a file, when the run is asked to record them. */
  record(name: string, jobId: string): Promise<void>;
}

/** A list, the real billing, the outbox relay and both workers: everything of a job but the HTTP around it. */
export async function runningJobs(
  side: TemporalSide,
  billing: BillingProcess,
  options: Parameters<typeof moneyFixture>[1] & { readonly revertBudgetSeconds?: number } = {},
): Promise<RunningJobs> {
  const fixture = await moneyFixture(billing, options);
  const temporalConnection = { address: side.temporal.address };
  const config = {
    ...{ temporalConnection, temporalNamespace: side.namespace, holdTtlSeconds: 3_600 },
    revertBudgetSeconds: options.revertBudgetSeconds ?? 900,
  };
  const temporal = new TemporalClient(config as Config);
  const starter = new JobStarter(temporal);
  const relay = new OutboxRelay(fixture.database, starter);
  const activities = new JobActivities(fixture.database, billing.client, config as Config);
  const reverts = new RevertActivities(fixture.database, temporal, config as Config);
  let workers: Worker[] = [];
  let running: Promise<unknown> = Promise.resolve();

  const fillTestPage = async (input: FillPageInput): Promise<FillPageResult> => {
    const by = { workspaceId: fixture.workspaceId, jobId: input.jobId, fence: input.fence };
    const fill = async (): Promise<FillPageResult> => {
      const filled = await fixture.fillPage(by, input.pageNo);
      return { filled, notFound: 0, error: 0, skipped: 0 };
    };
    return jobs.behave(input, fill);
  };
  const revertTestPage = (input: RevertPageInput): Promise<RevertPageResult> => jobs.revert(input);
  const create = async (taskQueue: string, bound: object, workflowBundle: { code: string }): Promise<Worker> =>
    Worker.create({
      ...{ connection: side.connection, namespace: side.namespace, taskQueue, workflowBundle, activities: bound },
      identity: 'test',
      shutdownGraceTime: '200ms',
      shutdownForceTime: '1s',
      stickyQueueScheduleToStartTimeout: '1s',
      maxHeartbeatThrottleInterval: '500ms',
      defaultHeartbeatThrottleInterval: '500ms',
    });

  const createTeam = (taskQueue: string): Promise<Worker> =>
    create(taskQueue, { fillTestPage, revertTestPage }, side.bundles.pages);

  const jobs: RunningJobs = {
    ...fixture,
    client: temporal.client,
    starter,
    behave: (_, fill) => fill(),
    revert: () => Promise.reject(new Error('nothing was written')),
    startWorkers: async (overrides = {}, team = 'there') => {
      const bound = { ...bindActivities([activities, reverts], []), ...overrides };
      workers = await Promise.all([
        create(ORCHESTRATOR_TASK_QUEUE, bound, side.bundles.jobs),
        ...(team === 'there' ? [createTeam('enrich')] : []),
      ]);
      running = Promise.allSettled(workers.map((worker) => worker.run()));
    },
    startTeam: async (taskQueue) => {
      const worker = await createTeam(taskQueue);
      workers.push(worker);
      running = Promise.allSettled([running, worker.run()]);
    },
    stopWorkers: async () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      workers = [];
    },
    final: async (jobId) => {
      await waitUntil(async () => ['completed', 'failed', 'cancelled'].includes((await fixture.view(jobId)).state), {
        what: `job ${jobId} to be final`,
        timeoutMs: 40_000,
      });
      return fixture.view(jobId);
    },
    record: async (name, jobId) => {
      if (!process.env['UNO_RECORD_HISTORIES']) return;
      const handle = temporal.client.workflow.getHandle(jobWorkflowId(jobId));
      await handle.result().catch(() => undefined);
      const history: unknown = JSON.parse(historyToJSON(await handle.fetchHistory()), withoutStackTrace);
      await writeFile(`${HISTORIES}/${name}.json`, `${JSON.stringify(history, undefined, 2)}\n`);
    },
    stop: async () => {
      await jobs.stopWorkers();
      await relay.onModuleDestroy();
      await temporal.onModuleDestroy();
      await fixture.stop();
    },
  };
  relay.onApplicationBootstrap();
  return jobs;
}
