import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import {
  freePort,
  SandboxProcess,
  startProcess,
  testTemporal,
  type TestProcess,
  type TestTemporal,
} from '@uno/testing';
import { PageApiTestServer, type TestPage } from './page-api.test-server.js';

export interface WorkerUnderTest extends TestProcess {
  readonly url: string;
}

export interface StartedPage {
  readonly jobId: string;
  readonly handle: WorkflowHandle;
}

/** A worker as its tests start it. */
export interface BenchedWorker {
  /** The built `main.js`. */
  readonly main: URL;
  /** The service's id, which is its task queue too. */
  readonly service: string;
  /** What its environment has beyond the ports, given the sandbox's address. */
  readonly environment: (sandboxUrl: string) => Readonly<Record<string, string>>;
}

/** The address of a provider's account in the sandbox, as the variables of a service's environment. */
export function sandboxAccount(provider: string, sandboxUrl: string): Readonly<Record<string, string>> {
  const prefix = provider.toUpperCase();
  return { [`${prefix}_URL`]: sandboxUrl, [`${prefix}_API_KEY`]: `sandbox-${provider}` };
}

/** Everything around a real worker process: Temporal, the provider sandbox, and a Page API without an orchestrator. */
export class WorkerBench {
  private readonly workers: TestProcess[] = [];

  private constructor(
    private readonly worker: BenchedWorker,
    readonly temporal: TestTemporal,
    readonly sandbox: SandboxProcess,
    readonly api: PageApiTestServer,
  ) {}

  static async start(worker: BenchedWorker): Promise<WorkerBench> {
    const parts = await Promise.all([testTemporal(), SandboxProcess.start(), new PageApiTestServer().start()]);
    return new WorkerBench(worker, ...parts);
  }

  async stop(): Promise<void> {
    await this.killWorkers();
    await Promise.all([this.api.stop(), this.sandbox.stop(), this.temporal.close()]);
  }

  async startWorker(env: Readonly<Record<string, string>> = {}, readiness = 'ready'): Promise<WorkerUnderTest> {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const worker = await startProcess({
      command: process.execPath,
      args: [fileURLToPath(this.worker.main)],
      readyUrl: `${url}/health/${readiness}`,
      env: {
        PORT: port,
        ORCHESTRATOR_URL: this.api.url,
        SERVICE_KEY: this.api.serviceKey,
        TEMPORAL_ADDRESS: this.temporal.address,
        RETRY_BUDGET_SECONDS: '2',
        ...this.worker.environment(this.sandbox.url),
        ...env,
      },
    });
    this.workers.push(worker);
    return { ...worker, url };
  }

  /** The queue is the same for all tests, so no worker of one test may live on in the next. */
  async killWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.kill('SIGKILL')));
  }

  /** Starts the child workflow of a page, as the orchestrator would. The rows' ids begin with the job's. */
  async startPage(page: Omit<TestPage, 'jobId' | 'fence'>, fence = 1): Promise<StartedPage> {
    const jobId = `job_${randomUUID()}`;
    const rows = page.rows.map((row) => ({ ...row, rowId: rowOf(jobId, row.rowId) }));
    this.api.addPage({ ...page, rows, jobId, fence: 1 });
    const count = rows.reduce((sum, { columnIds }) => sum + columnIds.length, 0);
    const handle = await this.temporal.client.workflow.start('fillPageWorkflow', {
      taskQueue: this.worker.service,
      workflowId: `${this.worker.service}:${jobId}:0:0`,
      args: [{ jobId, pageNo: 0, stepNo: 0, fence, count }],
    });
    return { jobId, handle };
  }

  /** Rows of a job that have settled cells. */
  settledRows(jobId: string): Set<string> {
    const rows = [...this.api.settled.values()].map(({ rowId }) => rowId);
    return new Set(rows.filter((rowId) => rowId.startsWith(jobId)));
  }
}

/** The id under which a row of a page stands in the Page API. */
export const rowOf = (jobId: string, row: string): string => `${jobId}/${row}`;
