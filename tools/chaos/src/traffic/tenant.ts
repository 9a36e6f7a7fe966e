import { randomUUID } from 'node:crypto';
import type { Credentials, HttpReply, HttpRequest } from '@uno/local-stack';
import { askPatiently, sendPatiently } from '../stack/patience.js';
import { COMPANY_DOMAIN, COMPANY_NAME, hasDomains, type PlannedColumn } from '../plan/columns.js';
import { type Company, companiesCsv, entityOf } from './companies.js';

const ROWS_PER_REQUEST = 1_000;

/** What `POST /v1/lists/:id/jobs` takes. */
export interface JobRequest {
  readonly columnIds: readonly string[];
  readonly scope: { readonly type: 'all' | 'missing' } | { readonly type: 'rows'; readonly rowIds: readonly string[] };
  readonly maxCredits?: number;
  readonly onFailure: 'rollback' | 'keep';
  readonly onCancel: 'rollback' | 'keep';
  readonly overwriteEdits: boolean;
}

export interface JobView {
  readonly id: string;
  readonly state: string;
  readonly totals: Readonly<Record<string, number>>;
  readonly skippedBy: Readonly<Record<string, number>>;
  readonly failure?: { readonly code: string; readonly message: string };
}

export interface NewTenant {
  readonly name: string;
  readonly companies: readonly Company[];
  readonly columns: readonly PlannedColumn[];
  readonly credits: number;
}

/** One workspace with one list, through the public API: what its users do. */
export class Tenant {
  private constructor(
    private readonly credentials: Credentials,
    readonly workspaceId: string,
    private readonly apiKey: string,
    readonly listId: string,
    readonly columnIds: readonly string[],
    /** In the order of the list. */
    readonly rowIds: readonly string[],
  ) {}

  /** Makes a workspace with credits and a list of these companies, with these columns. */
  static async create(
    credentials: Credentials,
    { name, companies, columns, credits: granted }: NewTenant,
  ): Promise<Tenant> {
    const { url, operatorKey, billingUrl, billingKey } = credentials;
    const made = await sendPatiently<{ id: string; apiKey: string }>({
      ...{ method: 'POST', url: `${url}/internal/v1/workspaces`, key: operatorKey, body: { name } },
    });
    await sendPatiently({
      ...{ method: 'POST', url: `${billingUrl}/v1/accounts/${made.id}/grants`, key: billingKey },
      ...{ body: { amount: granted }, idempotencyKey: `grant:${made.id}` },
    });
    const post = <T>(path: string, body: unknown, contentType?: string): Promise<T> =>
      sendPatiently<T>({
        ...{ method: 'POST', url: `${url}${path}`, key: made.apiKey, body },
        ...(contentType && { contentType }),
      });
    const list = await post<{ id: string }>('/v1/lists', {
      name,
      entityType: 'company',
      identity: { name: COMPANY_NAME, ...(hasDomains(columns) && { domain: COMPANY_DOMAIN }) },
    });
    await post(`/v1/lists/${list.id}/import`, companiesCsv(companies), 'text/csv');
    const columnIds: string[] = [];
    for (const column of columns) {
      columnIds.push((await post<{ id: string }>(`/v1/lists/${list.id}/columns`, column)).id);
    }
    const { items } = await sendPatiently<{ items: { id: string }[] }>({
      ...{ method: 'GET', url: `${url}/v1/lists/${list.id}/rows?limit=${ROWS_PER_REQUEST}`, key: made.apiKey },
    });
    const rowIds = items.map(({ id }) => id);
    return new Tenant(credentials, made.id, made.apiKey, list.id, columnIds, rowIds);
  }

  async quote(request: JobRequest): Promise<number> {
    return (await this.send<{ maxCredits: number }>('POST', `/v1/lists/${this.listId}/quotes`, request)).maxCredits;
  }

  /** Starts a job that must be accepted. */
  startJob(request: JobRequest): Promise<JobView> {
    return this.send<JobView>('POST', `/v1/lists/${this.listId}/jobs`, request, randomUUID());
  }

  job(jobId: string): Promise<JobView> {
    return this.send<JobView>('GET', `/v1/jobs/${jobId}`);
  }

  /** @returns whether the cancel was acknowledged; a job that is final refuses it. */
  async cancel(jobId: string): Promise<boolean> {
    return (await this.ask('POST', `/v1/jobs/${jobId}/cancel`, {})).status === 202;
  }

  /** Asks for an undo that is parked; any other job refuses it. */
  async undoAgain(jobId: string): Promise<void> {
    await this.ask('POST', `/v1/jobs/${jobId}/compensate`, {});
  }

  /** Each of these is false where the row is gone. */
  async edit(rowId: string, columnId: string, value: string): Promise<boolean> {
    return this.change('PUT', `/rows/${rowId}/cells/${columnId}`, { value });
  }

  async rename(rowId: string, company: string): Promise<boolean> {
    return this.change('PATCH', `/rows/${rowId}`, { entity: { [COMPANY_NAME]: company } });
  }

  async delete(rowId: string): Promise<boolean> {
    return this.change('DELETE', `/rows/${rowId}`);
  }

  async insert(companies: readonly Company[]): Promise<boolean> {
    const rows = companies.map((company) => ({ entity: entityOf(company) }));
    await this.send('POST', `/v1/lists/${this.listId}/rows`, { rows }, randomUUID());
    return true;
  }

  private async change(method: HttpRequest['method'], path: string, body?: unknown): Promise<boolean> {
    const { status, body: answer } = await this.ask(method, `/v1/lists/${this.listId}${path}`, body);
    if (status >= 400 && status !== 404) throw new Error(`${method} ${path} was refused: ${JSON.stringify(answer)}`);
    return status !== 404;
  }

  /** A request as this workspace, asked again while the API is away. */
  ask(method: HttpRequest['method'], path: string, body?: unknown): Promise<HttpReply> {
    return askPatiently({ method, url: `${this.credentials.url}${path}`, key: this.apiKey, body });
  }

  private send<T>(method: HttpRequest['method'], path: string, body?: unknown, idempotencyKey?: string): Promise<T> {
    const request = { method, url: `${this.credentials.url}${path}`, key: this.apiKey, body };
    return sendPatiently<T>({ ...request, ...(idempotencyKey && { idempotencyKey }) });
  }
}
