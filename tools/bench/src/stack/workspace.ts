import { randomUUID } from 'node:crypto';
import { send, waitUntil } from '@uno/local-stack';
import type { BenchStack } from './bench-stack.js';

const CREDITS = 1_000_000_000;
const FINAL_WITHIN_MS = 900_000;
const POLL_MS = 50;

export interface BenchList {
  readonly id: string;
  readonly columnId: string;
  readonly rows: number;
}

export interface FinalJob {
  readonly id: string;
  readonly state: string;
  readonly cells: number;
  /** From the request being accepted to the job being final, by the database's clock. */
  readonly ms: number;
}

/** A customer with credits to spare, through the public API. */
export class BenchWorkspace {
  private constructor(
    private readonly stack: BenchStack,
    readonly id: string,
    readonly apiKey: string,
  ) {}

  static async create(stack: BenchStack): Promise<BenchWorkspace> {
    const { url, operatorKey, billingUrl, billingKey } = stack.credentials;
    const { id, apiKey } = await send<{ id: string; apiKey: string }>({
      method: 'POST',
      url: `${url}/internal/v1/workspaces`,
      key: operatorKey,
      body: { name: 'Benchmark' },
    });
    await send({
      method: 'POST',
      url: `${billingUrl}/v1/accounts/${id}/grants`,
      key: billingKey,
      body: { amount: CREDITS },
      idempotencyKey: randomUUID(),
    });
    return new BenchWorkspace(stack, id, apiKey);
  }

  /** A new list of companies that differ in name, with one column to fill. */
  async companies(rows: number): Promise<BenchList> {
    const list = await this.#post<{ id: string }>('/v1/lists', {
      name: `${rows} companies ${randomUUID().slice(0, 8)}`,
      entityType: 'company',
      identity: { name: 'name' },
    });
    const names = Array.from({ length: rows }, (_, index) => `Company ${index}`);
    await send({
      method: 'POST',
      url: `${this.stack.credentials.url}/v1/lists/${list.id}/import`,
      key: this.apiKey,
      body: `name\n${names.join('\n')}\n`,
      contentType: 'text/csv',
      timeoutMs: FINAL_WITHIN_MS,
    });
    const column = await this.#post<{ id: string }>(`/v1/lists/${list.id}/columns`, {
      name: 'Industry',
      service: 'enrich',
      config: { attribute: 'industry' },
    });
    return { id: list.id, columnId: column.id, rows };
  }

  /** Accepts a job over the whole column. @returns its id */
  async fill({ id, columnId }: BenchList, scope: object = { type: 'all' }): Promise<string> {
    const body = { columnIds: [columnId], scope };
    return (await this.#post<{ id: string }>(`/v1/lists/${id}/jobs`, body)).id;
  }

  async control(jobId: string, action: 'cancel'): Promise<void> {
    await this.#post(`/v1/jobs/${jobId}/${action}`, {});
  }

  /** Waits until so many cells of a job are settled. */
  async settled(jobId: string, cells: number): Promise<void> {
    await this.#until(`${cells} cells of job ${jobId} to be settled`, async () => {
      const { rows } = await this.stack.database.query<{ settled: number }>(
        `select coalesce(sum(filled + not_found + error), 0)::integer as settled from job_page where job_id = $1`,
        [jobId],
      );
      return (rows[0]?.settled ?? 0) >= cells;
    });
  }

  /** Waits until every job is final. */
  async idle(): Promise<void> {
    await this.#until('all jobs to be final', async () => {
      const live = await this.stack.database.query('select 1 from job where finished_at is null limit 1');
      return live.rowCount === 0;
    });
  }

  async rowIds({ id }: BenchList): Promise<string[]> {
    const { rows } = await this.stack.database.query<{ id: string }>('select id from list_row where list_id = $1', [
      id,
    ]);
    return rows.map((row) => row.id);
  }

  /** How many calls to providers the value of a row took. */
  async callsFor(rowId: string): Promise<number> {
    const { rows } = await this.stack.database.query<{ calls: number }>(
      `select jsonb_array_length(provenance -> 'tries') as calls from cell_version where row_id = $1`,
      [rowId],
    );
    return rows[0]?.calls ?? 0;
  }

  get<T>(path: string): Promise<T> {
    return send<T>({ method: 'GET', url: `${this.stack.credentials.url}${path}`, key: this.apiKey });
  }

  /**
   * @throws when the job does not become final, or in another state than the one expected, or its books do not close:
   * what is fast and wrong is no figure.
   */
  async final(jobId: string, expected = 'completed'): Promise<FinalJob> {
    const job = await this.#until(`job ${jobId} to be final`, async () => {
      const { rows } = await this.stack.database.query<FinalJob>(
        `select id, state, cells, 1000 * extract(epoch from finished_at - created_at)::float8 as ms
         from job where id = $1 and finished_at is not null`,
        [jobId],
      );
      return rows[0];
    });
    if (job.state !== expected) throw new Error(`Job ${jobId} became ${job.state} instead of ${expected}`);
    const { closed } = await this.get<{ closed: boolean }>(`/v1/jobs/${jobId}/books`);
    if (!closed) throw new Error(`The books of job ${jobId} are not closed`);
    return job;
  }

  #until<T>(what: string, condition: () => Promise<T>) {
    return waitUntil(condition, { timeoutMs: FINAL_WITHIN_MS, intervalMs: POLL_MS, what });
  }

  #post<T>(path: string, body: unknown): Promise<T> {
    const url = `${this.stack.credentials.url}${path}`;
    return send<T>({ method: 'POST', url, key: this.apiKey, body, idempotencyKey: randomUUID() });
  }
}
