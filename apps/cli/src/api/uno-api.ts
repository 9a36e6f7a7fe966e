import { randomUUID } from 'node:crypto';
import type { ApiCredentials } from '../credentials.js';
import { sendRequest } from './http.js';
import type { ApiRequest } from './http.js';
import type { Books, Column, Credits, ImportReport, Job, Row, Service, UnoList } from './shapes.js';

/** What a fill asks for; the API judges every field. */
export interface FillRequest {
  readonly columnIds: readonly string[];
  readonly scope: { readonly type: string; readonly rowIds?: readonly string[] };
  readonly maxCredits?: number;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string | null;
}

const PAGE_LIMIT = 100;

/** The routes of the API that the command line uses, one method each. */
export class UnoApi {
  constructor(readonly credentials: ApiCredentials) {}

  listServices(): Promise<readonly Service[]> {
    return this.all<Service>('/v1/services');
  }

  listLists(): Promise<readonly UnoList[]> {
    return this.all<UnoList>('/v1/lists');
  }

  createList(list: Pick<UnoList, 'name' | 'entityType'>): Promise<UnoList> {
    return this.send({ method: 'POST', path: '/v1/lists', body: list, idempotencyKey: randomUUID() });
  }

  deleteList(listId: string): Promise<void> {
    return this.send({ method: 'DELETE', path: `/v1/lists/${listId}` });
  }

  /** The content is streamed: a file of any size needs a few buffers of memory. */
  importRows(listId: string, content: AsyncIterable<Uint8Array>): Promise<ImportReport> {
    return this.send({ method: 'POST', path: `/v1/lists/${listId}/import`, stream: { type: 'text/csv', content } });
  }

  listRows(listId: string, limit: number): Promise<readonly Row[]> {
    return this.all<Row>(`/v1/lists/${listId}/rows`, {}, limit);
  }

  listColumns(listId: string): Promise<readonly Column[]> {
    return this.all<Column>(`/v1/lists/${listId}/columns`);
  }

  addColumn(listId: string, column: Omit<Column, 'id'>): Promise<Column> {
    const path = `/v1/lists/${listId}/columns`;
    return this.send({ method: 'POST', path, body: column, idempotencyKey: randomUUID() });
  }

  startJob(listId: string, fill: FillRequest): Promise<Job> {
    return this.send({ method: 'POST', path: `/v1/lists/${listId}/jobs`, body: fill, idempotencyKey: randomUUID() });
  }

  listJobs(filter: {
    readonly listId?: string;
    readonly state?: string;
    readonly limit: number;
  }): Promise<readonly Job[]> {
    const { limit, ...query } = filter;
    return this.all<Job>('/v1/jobs', query, limit);
  }

  getJob(jobId: string): Promise<Job> {
    return this.send({ method: 'GET', path: `/v1/jobs/${encodeURIComponent(jobId)}` });
  }

  cancelJob(jobId: string): Promise<Job | undefined> {
    const path = `/v1/jobs/${encodeURIComponent(jobId)}/cancel`;
    return this.send({ method: 'POST', path, idempotencyKey: randomUUID() });
  }

  getBooks(jobId: string): Promise<Books> {
    return this.send({ method: 'GET', path: `/v1/jobs/${encodeURIComponent(jobId)}/books` });
  }

  getCredits(): Promise<Credits> {
    return this.send({ method: 'GET', path: '/v1/credits' });
  }

  private send<Reply>(request: ApiRequest): Promise<Reply> {
    return sendRequest<Reply>(this.credentials, request);
  }

  /** Follows the cursors to the end, or until `atMost` items are there. */
  private async all<Item>(
    path: string,
    query: Readonly<Record<string, string | undefined>> = {},
    atMost = Number.POSITIVE_INFINITY,
  ): Promise<readonly Item[]> {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const limit = Math.min(PAGE_LIMIT, atMost - items.length);
      const page: Page<Item> = await this.send({ method: 'GET', path, query: { ...query, limit, cursor } });
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && items.length < atMost);
    return items;
  }
}
