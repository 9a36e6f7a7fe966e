import { randomUUID } from 'node:crypto';
import { ask, type HttpReply, type HttpRequest, send } from '@uno/local-stack';
import { waitUntil } from '@uno/testing';
import { readCredentials } from './stack-home.js';
import type { BilledHold, Books, Column, CreditEntry, Credits, Job, JobEffect, Row, UnoList } from './views.js';

const JOB_TIMEOUT_MS = 120_000;
const FINAL = ['completed', 'failed', 'cancelled'];

export interface FillOptions {
  readonly scope?: { readonly type: 'all' | 'missing' } | { readonly type: 'rows'; readonly rowIds: readonly string[] };
  readonly overwriteEdits?: boolean;
  readonly idempotencyKey?: string;
}

/** One workspace through the public API: what its users can do and see. */
export class Workspace {
  private constructor(
    readonly id: string,
    readonly apiKey: string,
  ) {}

  /** Makes a workspace with that many credits. */
  static async create(name: string, credits: number): Promise<Workspace> {
    const { url, operatorKey } = readCredentials();
    const made = await send<{ id: string; apiKey: string }>({
      method: 'POST',
      url: `${url}/internal/v1/workspaces`,
      key: operatorKey,
      body: { name },
    });
    const workspace = new Workspace(made.id, made.apiKey);
    await workspace.grant(credits);
    return workspace;
  }

  /** The workspace that the stack seeds. */
  static demo(): Workspace {
    const { workspaceId, apiKey } = readCredentials();
    return new Workspace(workspaceId, apiKey);
  }

  async grant(credits: number): Promise<void> {
    await this.billing('POST', 'grants', { amount: credits });
  }

  /** A request as this workspace, with an answer of any status. */
  ask(method: HttpRequest['method'], path: string, rest: Partial<HttpRequest> = {}): Promise<HttpReply> {
    return ask({ method, url: `${readCredentials().url}${path}`, key: this.apiKey, ...rest });
  }

  send<T>(method: HttpRequest['method'], path: string, body?: unknown): Promise<T> {
    return send<T>({ method, url: `${readCredentials().url}${path}`, key: this.apiKey, body });
  }

  /** A list of companies known by their names, with columns for these attributes. */
  async companies(
    entities: readonly Record<string, string>[],
    attributes: readonly string[],
  ): Promise<{ list: UnoList; columns: Column[] }> {
    const list = await this.send<UnoList>('POST', '/v1/lists', {
      name: `Companies ${randomUUID().slice(0, 8)}`,
      entityType: 'company',
      identity: { name: 'Security' },
    });
    await this.send('POST', `/v1/lists/${list.id}/rows`, { rows: entities.map((entity) => ({ entity })) });
    const columns: Column[] = [];
    for (const attribute of attributes) {
      const column = { name: attribute, service: 'enrich', config: { attribute } };
      columns.push(await this.send<Column>('POST', `/v1/lists/${list.id}/columns`, column));
    }
    return { list, columns };
  }

  rows(listId: string): Promise<Row[]> {
    return this.all<Row>(`/v1/lists/${listId}/rows`);
  }

  /** What a job wrote at providers. */
  effects(jobId: string): Promise<JobEffect[]> {
    return this.all<JobEffect>(`/v1/jobs/${jobId}/effects`);
  }

  /** The whole ledger. */
  entries(): Promise<CreditEntry[]> {
    return this.all<CreditEntry>('/v1/credits/entries');
  }

  private async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor = '';
    do {
      const page = await this.send<{ items: T[]; nextCursor: string | null }>('GET', `${path}?limit=500${cursor}`);
      items.push(...page.items);
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    return items;
  }

  startFill(listId: string, columns: readonly Column[], options: FillOptions = {}): Promise<HttpReply> {
    const { scope = { type: 'all' }, overwriteEdits = false, idempotencyKey = randomUUID() } = options;
    const body = { columnIds: columns.map(({ id }) => id), scope, overwriteEdits };
    return this.ask('POST', `/v1/lists/${listId}/jobs`, { body, idempotencyKey });
  }

  /** Starts a job that must be accepted. */
  async fill(listId: string, columns: readonly Column[], options: FillOptions = {}): Promise<Job> {
    const { status, body } = await this.startFill(listId, columns, options);
    if (status !== 202) throw new Error(`The job was answered with ${status}: ${JSON.stringify(body)}`);
    return body as Job;
  }

  job(jobId: string): Promise<Job> {
    return this.send<Job>('GET', `/v1/jobs/${jobId}`);
  }

  /**
   * Waits for a moment in the life of a job; an API that is away just now is asked again.
   *
   * @throws with the job as last seen, when it is final without that moment or two minutes are over.
   */
  async jobWhen(jobId: string, what: string, condition: (job: Job) => boolean): Promise<Job> {
    let last: Job | undefined;
    await waitUntil(
      async () => {
        last = await this.job(jobId);
        return condition(last) || FINAL.includes(last.state);
      },
      { timeoutMs: JOB_TIMEOUT_MS, intervalMs: 40, what: `job ${jobId} ${what}` },
    ).catch((error: Error) => {
      throw new Error(`${error.message}; it was last seen as ${JSON.stringify(last)}`, { cause: error });
    });
    if (!last || !condition(last)) throw new Error(`Expected the job ${what}, but it ended as ${JSON.stringify(last)}`);
    return last;
  }

  finalJob(jobId: string): Promise<Job> {
    return this.jobWhen(jobId, 'to be final', ({ state }) => FINAL.includes(state));
  }

  books(jobId: string): Promise<Books> {
    return this.send<Books>('GET', `/v1/jobs/${jobId}/books`);
  }

  credits(): Promise<Credits> {
    return this.send<Credits>('GET', '/v1/credits');
  }

  /** What billing itself lists for a job. */
  holds(jobId: string): Promise<BilledHold[]> {
    return this.billing<{ items: BilledHold[] }>('GET', `holds?reference=${jobId}`).then(({ items }) => items);
  }

  private billing<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const { billingUrl, billingKey } = readCredentials();
    const url = `${billingUrl}/v1/accounts/${this.id}/${path}`;
    return send<T>({ method, url, key: billingKey, body, idempotencyKey: randomUUID() });
  }
}

/** Cells of a job that have their outcome, as a share of all. */
export function settledShare({ totals }: Job): number {
  return totals.cells === 0 ? 0 : (totals.cells - totals.open - totals.pending) / totals.cells;
}
