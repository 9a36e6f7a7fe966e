import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CONTROL_BEAT_MS,
  SUPERSEDED,
  type CellResult,
  type ControlState,
  type EffectsRequest,
  type FailureReport,
  type OutcomesRequest,
  type RateLeaseRequest,
  type RowMemory,
  type ServiceRegistration,
  type SettleRequest,
  type StepPageSent,
} from '@uno/workflow-contracts';
import { TestJournal } from './test-journal.js';

/** One page as the test server keeps it: the step's page without control, and its job's fence. */
export interface TestPage extends Omit<StepPageSent, 'control' | 'more'> {
  readonly jobId: string;
  fence: number;
  sealed?: boolean;
  /** Rows of one reply; all of them without it. */
  readonly rowsPerReply?: number;
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const SUPERSEDED_ANSWER: Answer = { status: 409, body: { status: 409, code: SUPERSEDED } };
const STEP = /^\/internal\/v1\/jobs\/([^/]+)\/pages\/\d+\/steps\/\d+(\/results|\/failure|\/effects(?:\/outcomes)?)?$/;

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
  /** What is remembered of each row, by its id. */
  readonly memories = new Map<string, RowMemory>();
  readonly journal = new TestJournal();
  readonly failures: FailureReport[] = [];
  readonly leases: RateLeaseRequest[] = [];
  /** As an orchestrator that does not know them. */
  refusesLeasesAheadAlone = false;
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

  /** The job is undone from now on: its pages take nothing more, and its effects may be read under the new fence. */
  compensate(jobId: string): number {
    const page = this.#pages.get(jobId);
    if (!page) throw new Error(`There is no page of ${jobId}`);
    page.sealed = true;
    return (page.fence += 1);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const body = await readBody(request);
    const planned = url.pathname.endsWith('/control') ? undefined : this.plannedFailures.shift();
    if (planned !== undefined) return send(response, { status: planned, body: {} });
    if (request.headers.authorization !== `Bearer ${this.serviceKey}`) return send(response, { status: 401, body: {} });
    if (url.pathname === '/internal/v1/control') return this.#control(response);
    send(response, this.#answer({ method: request.method ?? '', url, body }));
  }

  #answer(asked: Asked): Answer {
    const { method, url, body } = asked;
    const step = STEP.exec(url.pathname);
    if (step?.[1] !== undefined) return this.#step(decodeURIComponent(step[1]), step[2], asked);
    if (url.pathname === '/internal/v1/rate-leases') {
      const lease = body as RateLeaseRequest;
      this.leases.push(lease);
      if (this.refusesLeasesAheadAlone && lease.want === 0) return { status: 400, body: { status: 400 } };
      const [granted, ahead] = lease.throttledForMs === undefined ? [lease.want, lease.ahead ?? 0] : [0, 0];
      return { status: 200, body: { granted, ahead, retryAfterMs: 0 } };
    }
    if (method === 'PUT' && url.pathname.startsWith('/internal/v1/services/')) {
      this.registrations.push(body as ServiceRegistration);
      return { status: 204 };
    }
    return { status: 404, body: { status: 404, code: 'not_found' } };
  }

  #step(jobId: string, action: string | undefined, { method, url, body }: Asked): Answer {
    const page = this.#pages.get(jobId);
    if (!page) return { status: 404, body: { status: 404, code: 'not_found' } };
    const fence = method === 'GET' ? url.searchParams.get('fence') : (body as { fence: number }).fence;
    if (String(fence) !== String(page.fence)) return SUPERSEDED_ANSWER;
    if (action === '/effects' && method === 'GET') {
      const cursor = Number(url.searchParams.get('cursor') ?? 0);
      return { status: 200, body: { workspaceId: page.workspaceId, ...this.journal.read(jobId, cursor) } };
    }
    if (action === '/effects/outcomes') {
      return { status: 200, body: { recorded: this.journal.close(jobId, body as OutcomesRequest) } };
    }
    if (page.sealed) return SUPERSEDED_ANSWER;
    switch (action) {
      case undefined:
        return { status: 200, body: this.#openRows(page) };
      case '/failure':
        this.failures.push(body as FailureReport);
        return { status: 201, body: { errorId: `err_${this.failures.length}` } };
      case '/effects': {
        const effects = this.journal.write(jobId, body as EffectsRequest);
        return { status: 200, body: { effects, control: this.#controlState(jobId) } };
      }
      default:
        return { status: 200, body: this.#settle(jobId, body as SettleRequest) };
    }
  }

  #openRows({ rows, jobId, fence: _fence, sealed: _sealed, rowsPerReply, ...page }: TestPage): StepPageSent {
    const open = rows
      .map((row) => ({ ...row, columnIds: row.columnIds.filter((id) => !this.settled.has(`${row.rowId} ${id}`)) }))
      .filter(({ columnIds }) => columnIds.length > 0)
      .map((row) => ({ ...row, memory: this.memories.get(row.rowId) ?? row.memory }));
    const sent = open.slice(0, rowsPerReply);
    this.reads.push(sent.map(({ rowId }) => rowId));
    return { ...page, control: this.#controlState(jobId), rows: sent, more: sent.length < open.length };
  }

  #settle(jobId: string, request: SettleRequest): object {
    this.settleRequests.push(request);
    const before = this.settled.size;
    for (const result of request.results) {
      const cell = `${result.rowId} ${result.columnId}`;
      if (!this.settled.has(cell)) this.settled.set(cell, result);
    }
    for (const { rowId, memory } of request.memories ?? []) this.memories.set(rowId, memory);
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
