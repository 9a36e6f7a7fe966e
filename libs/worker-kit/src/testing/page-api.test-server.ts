import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CONTROL_BEAT_MS,
  SUPERSEDED,
  type CellResult,
  type ControlState,
  type FailureReport,
  type RateLeaseRequest,
  type ServiceRegistration,
  type SettleRequest,
  type StepPage,
} from '@uno/workflow-contracts';

/** One page as the test server keeps it: the step's page without control, and its job's fence. */
export interface TestPage extends Omit<StepPage, 'control'> {
  readonly jobId: string;
  readonly fence: number;
  sealed?: boolean;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const SUPERSEDED_ANSWER: Answer = { status: 409, body: { status: 409, code: SUPERSEDED } };
const STEP = /^\/internal\/v1\/jobs\/([^/]+)\/pages\/\d+\/steps\/\d+(\/results|\/failure)?$/;

/**
 * A real HTTP server that speaks the Page API from memory, for tests of workers without an orchestrator. It holds one page
 * per job and keeps what it was told, for the test to look at.
 */
export class PageApiTestServer {
  readonly serviceKey = 'test-service-key';
  /** First settlement of each cell, by `rowId columnId`. */
  readonly settled = new Map<string, CellResult>();
  /** Every settle request that was acknowledged. */
  readonly settleRequests: SettleRequest[] = [];
  readonly failures: FailureReport[] = [];
  readonly leases: RateLeaseRequest[] = [];
  readonly registrations: ServiceRegistration[] = [];
  /** Rows handed out, one entry per read of the step. */
  readonly reads: string[][] = [];
  readonly paused = new Set<string>();
  readonly stopped = new Set<string>();
  /** Statuses that the next requests get instead of an answer. */
  readonly plannedFailures: number[] = [];
  /** False keeps the control stream silent. */
  beats = true;
  url = '';
  readonly #pages = new Map<string, TestPage>();
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    this.url = `http://127.0.0.1:${this.#port}`;
    return this;
  }

  /** May be started again on the same port, as after a crash. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  addPage(page: TestPage): void {
    this.#pages.set(page.jobId, page);
  }

  seal(jobId: string): void {
    const page = this.#pages.get(jobId);
    if (page) page.sealed = true;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const body = await readBody(request);
    const planned = url.pathname.endsWith('/control') ? undefined : this.plannedFailures.shift();
    if (planned !== undefined) return send(response, { status: planned, body: {} });
    if (request.headers.authorization !== `Bearer ${this.serviceKey}`) return send(response, { status: 401, body: {} });
    if (url.pathname === '/internal/v1/control') return this.#control(response);
    send(response, this.#answer(request.method ?? '', url, body));
  }

  #answer(method: string, url: URL, body: unknown): Answer {
    const step = STEP.exec(url.pathname);
    if (step?.[1] !== undefined) return this.#step(decodeURIComponent(step[1]), step[2], url, body);
    if (url.pathname === '/internal/v1/rate-leases') {
      const lease = body as RateLeaseRequest;
      this.leases.push(lease);
      const [granted, ahead] = lease.throttledForMs === undefined ? [lease.want, lease.ahead ?? 0] : [0, 0];
      return { status: 200, body: { granted, ahead, retryAfterMs: 0 } };
    }
    if (method === 'PUT' && url.pathname.startsWith('/internal/v1/services/')) {
      this.registrations.push(body as ServiceRegistration);
      return { status: 204 };
    }
    return { status: 404, body: { status: 404, code: 'not_found' } };
  }

  #step(jobId: string, action: string | undefined, url: URL, body: unknown): Answer {
    const page = this.#pages.get(jobId);
    if (!page) return { status: 404, body: { status: 404, code: 'not_found' } };
    if (action === undefined) {
      if (url.searchParams.get('fence') !== String(page.fence) || page.sealed) return SUPERSEDED_ANSWER;
      return { status: 200, body: this.#openRows(page) };
    }
    if ((body as { fence: number }).fence !== page.fence || page.sealed) return SUPERSEDED_ANSWER;
    if (action === '/failure') {
      this.failures.push(body as FailureReport);
      return { status: 201, body: { errorId: `err_${this.failures.length}` } };
    }
    return { status: 200, body: this.#settle(jobId, body as SettleRequest) };
  }

  #openRows({ workspaceId, entityType, columns, rows, jobId }: TestPage): StepPage {
    const open = rows
      .map((row) => ({ ...row, columnIds: row.columnIds.filter((id) => !this.settled.has(`${row.rowId} ${id}`)) }))
      .filter(({ columnIds }) => columnIds.length > 0);
    this.reads.push(open.map(({ rowId }) => rowId));
    return { control: this.#controlState(jobId), workspaceId, entityType, columns, rows: open };
  }

  #settle(jobId: string, request: SettleRequest): object {
    this.settleRequests.push(request);
    const before = this.settled.size;
    for (const result of request.results) {
      const cell = `${result.rowId} ${result.columnId}`;
      if (!this.settled.has(cell)) this.settled.set(cell, result);
    }
    const settled = this.settled.size - before;
    return { settled, ignored: request.results.length - settled, control: this.#controlState(jobId) };
  }

  #controlState(jobId: string): ControlState {
    if (this.stopped.has(jobId)) return 'stop';
    return this.paused.has(jobId) ? 'pause' : 'run';
  }

  #control(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const beat = (): void => {
      const line = { at: Date.now(), paused: [...this.paused], stopped: [...this.stopped] };
      if (this.beats) response.write(`${JSON.stringify(line)}\n`);
    };
    beat();
    const timer = setInterval(beat, CONTROL_BEAT_MS);
    response.on('close', () => clearInterval(timer));
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
