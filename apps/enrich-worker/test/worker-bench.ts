import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { freePort, startProcess, testTemporal, type TestProcess, type TestTemporal } from '@uno/testing';
import { PageApiTestServer } from '@uno/worker-kit/testing';
import { SandboxProcess } from './fixtures/sandbox-process.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export interface WorkerUnderTest extends TestProcess {
  readonly url: string;
}

export interface StartedPage {
  readonly jobId: string;
  readonly handle: WorkflowHandle;
}

/** Everything around the real worker process: Temporal, the provider sandbox, and a Page API without an orchestrator. */
export class WorkerBench {
  private readonly workers: TestProcess[] = [];

  private constructor(
    readonly temporal: TestTemporal,
    readonly sandbox: SandboxProcess,
    readonly api: PageApiTestServer,
  ) {}

  static async start(): Promise<WorkerBench> {
    const parts = await Promise.all([testTemporal(), SandboxProcess.start(), new PageApiTestServer().start()]);
    return new WorkerBench(...parts);
  }

  async stop(): Promise<void> {
    await this.killWorkers();
    await Promise.all([this.api.stop(), this.sandbox.stop(), this.temporal.close()]);
  }

  /** One look-up per call and four at a time, unless the test says otherwise. */
  async startWorker(env: Record<string, string> = {}, readiness = 'ready'): Promise<WorkerUnderTest> {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const worker = await startProcess({
      command: process.execPath,
      args: [MAIN],
      readyUrl: `${url}/health/${readiness}`,
      env: {
        PORT: port,
        ORCHESTRATOR_URL: this.api.url,
        SERVICE_KEY: this.api.serviceKey,
        TEMPORAL_ADDRESS: this.temporal.address,
        LUSHA_URL: this.sandbox.url,
        LUSHA_API_KEY: 'sandbox-lusha',
        PDL_URL: this.sandbox.url,
        PDL_API_KEY: 'sandbox-pdl',
        ENRICH_LOOKUPS_PER_CALL: '1',
        ENRICH_CALLS_PER_PAGE: '4',
        RETRY_BUDGET_SECONDS: '2',
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

  /** Starts the child workflow of a page of companies, as the orchestrator would. */
  async startPage(names: readonly string[], fence = 1): Promise<StartedPage> {
    const jobId = `job_${randomUUID()}`;
    this.api.addPage({
      jobId,
      fence: 1,
      workspaceId: 'ws_1',
      entityType: 'company',
      columns: [
        { columnId: 'industry', config: { attribute: 'industry' } },
        { columnId: 'employees', config: { attribute: 'employees' } },
      ],
      rows: names.map((name) => ({
        rowId: rowOf(jobId, name),
        columnIds: ['industry', 'employees'],
        inputs: { name },
      })),
    });
    const handle = await this.temporal.client.workflow.start('fillPageWorkflow', {
      taskQueue: 'enrich',
      workflowId: `enrich:${jobId}:0:0`,
      args: [{ jobId, pageNo: 0, stepNo: 0, fence, count: names.length * 2 }],
    });
    return { jobId, handle };
  }

  /** Rows of a job that have settled cells. */
  settledRows(jobId: string): Set<string> {
    const rows = [...this.api.settled.values()].map(({ rowId }) => rowId);
    return new Set(rows.filter((rowId) => rowId.startsWith(jobId)));
  }
}

export const rowOf = (jobId: string, name: string): string => `${jobId}/${name}`;

export const companies = (count: number): string[] => Array.from({ length: count }, (_, index) => `Company ${index}`);
