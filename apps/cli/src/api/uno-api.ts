import { createApiClient, unwrap } from '@uno/api-client';
import type { ApiClient, paths } from '@uno/api-client';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ApiCredentials } from '../credentials.js';
import { fetchFrom, openReply, sendRequest } from './http.js';
import type {
  Books,
  Column,
  Credits,
  Effect,
  ImportReport,
  Job,
  Reconciliation,
  Row,
  Service,
  UnoList,
} from './shapes.js';

type BodyOf<Path extends keyof paths> = paths[Path] extends {
  post: { requestBody: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

/** What a fill asks for; the API judges every field. */
export type FillRequest = Partial<BodyOf<'/v1/lists/{listId}/jobs'>> &
  Pick<BodyOf<'/v1/lists/{listId}/jobs'>, 'columnIds' | 'scope'>;

/** What became of a record that a job wrote; `open` has come to no end. */
export type EffectOutcome = NonNullable<Effect['outcome']> | 'open';

/** The first items of a listing, and whether there are more of them. */
export interface Excerpt<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

const PAGE_LIMIT = 100;

/**
 * The routes of the API that the command line uses, one method each. Whatever creates something carries a key of its
 * own, so that a repeat by a proxy has no second effect.
 */
export class UnoApi {
  private readonly client: ApiClient;

  constructor(readonly credentials: ApiCredentials) {
    this.client = createApiClient({ ...credentials, fetch: fetchFrom(credentials.url) });
  }

  async listServices(): Promise<readonly Service[]> {
    return (await unwrap(this.client.GET('/v1/services'))).items;
  }

  async listLists(): Promise<readonly UnoList[]> {
    return (await collect((query) => unwrap(this.client.GET('/v1/lists', { params: { query } })))).items;
  }

  createList(list: Pick<UnoList, 'name' | 'entityType'>): Promise<UnoList> {
    return unwrap(this.client.POST('/v1/lists', { body: list, headers: onlyOnce() }));
  }

  /** Sets the identity as a whole; repeating it changes nothing. */
  changeIdentity(listId: string, identity: UnoList['identity']): Promise<UnoList> {
    return unwrap(this.client.PATCH('/v1/lists/{listId}', { params: { path: { listId } }, body: { identity } }));
  }

  async deleteList(listId: string): Promise<void> {
    await unwrap(this.client.DELETE('/v1/lists/{listId}', { params: { path: { listId } } }));
  }

  /** The content is streamed: a file of any size needs a few buffers of memory. */
  importRows(listId: string, content: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<ImportReport> {
    const path = `/v1/lists/${encodeURIComponent(listId)}/import`;
    return sendRequest(this.credentials, {
      method: 'POST',
      path,
      headers: { 'content-type': 'text/csv' },
      body: content,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** The grid as CSV, streamed. */
  async exportCsv(listId: string): Promise<Readable> {
    const path = `/v1/lists/${encodeURIComponent(listId)}/export.csv`;
    const { body } = await openReply(this.credentials, { method: 'GET', path });
    return body === null ? Readable.from([]) : Readable.fromWeb(body);
  }

  async listRows(listId: string, limit: number): Promise<readonly Row[]> {
    const page = (query: PageQuery): Promise<Page<Row>> =>
      unwrap(this.client.GET('/v1/lists/{listId}/rows', { params: { path: { listId }, query } }));
    return (await collect(page, limit)).items;
  }

  async listColumns(listId: string): Promise<readonly Column[]> {
    return (await unwrap(this.client.GET('/v1/lists/{listId}/columns', { params: { path: { listId } } }))).items;
  }

  addColumn(listId: string, column: Pick<Column, 'name' | 'service' | 'config'>): Promise<Column> {
    const params = { path: { listId } };
    return unwrap(this.client.POST('/v1/lists/{listId}/columns', { params, body: column, headers: onlyOnce() }));
  }

  /** Changes what is given and leaves the rest; a config is replaced as a whole. Repeating it changes nothing. */
  changeColumn(listId: string, columnId: string, change: Partial<Pick<Column, 'name' | 'config'>>): Promise<Column> {
    const params = { path: { listId, columnId } };
    return unwrap(this.client.PATCH('/v1/lists/{listId}/columns/{columnId}', { params, body: change }));
  }

  async deleteColumn(listId: string, columnId: string): Promise<void> {
    const params = { path: { listId, columnId } };
    await unwrap(this.client.DELETE('/v1/lists/{listId}/columns/{columnId}', { params }));
  }

  startJob(listId: string, fill: FillRequest): Promise<Job> {
    const params = { path: { listId } };
    return unwrap(this.client.POST('/v1/lists/{listId}/jobs', { params, body: fill, headers: onlyOnce() }));
  }

  listJobs(filter: { readonly listId?: string; readonly state?: Job['state'] }, limit: number): Promise<Excerpt<Job>> {
    const page = (query: PageQuery): Promise<Page<Job>> =>
      unwrap(this.client.GET('/v1/jobs', { params: { query: { ...filter, ...query } } }));
    return collect(page, limit);
  }

  getJob(jobId: string, signal?: AbortSignal): Promise<Job> {
    const params = { path: { jobId } };
    return unwrap(this.client.GET('/v1/jobs/{jobId}', { params, ...(signal === undefined ? {} : { signal }) }));
  }

  cancelJob(jobId: string): Promise<Job> {
    const params = { path: { jobId } };
    return unwrap(this.client.POST('/v1/jobs/{jobId}/cancel', { params, headers: onlyOnce() }));
  }

  /** Lets a job that is `compensation_failed` try again at once. */
  compensateJob(jobId: string): Promise<Job> {
    const params = { path: { jobId } };
    return unwrap(this.client.POST('/v1/jobs/{jobId}/compensate', { params, headers: onlyOnce() }));
  }

  /** The records that a job wrote at providers; all of them without a limit. */
  listEffects(jobId: string, outcome?: EffectOutcome, limit?: number): Promise<Excerpt<Effect>> {
    const filter = outcome === undefined ? {} : { outcome };
    const page = (query: PageQuery): Promise<Page<Effect>> =>
      unwrap(
        this.client.GET('/v1/jobs/{jobId}/effects', { params: { path: { jobId }, query: { ...filter, ...query } } }),
      );
    return collect(page, limit);
  }

  getBooks(jobId: string): Promise<Books> {
    return unwrap(this.client.GET('/v1/jobs/{jobId}/books', { params: { path: { jobId } } }));
  }

  /** Reads everything of the workspace, so it may take a while. */
  reconcile(): Promise<Reconciliation> {
    return unwrap(this.client.POST('/v1/reconciliations'));
  }

  getCredits(): Promise<Credits> {
    return unwrap(this.client.GET('/v1/credits'));
  }
}

function onlyOnce(): { 'idempotency-key': string } {
  return { 'idempotency-key': randomUUID() };
}

/** Follows the cursors to the end, or until `atMost` items are there. */
async function collect<Item>(
  read: (query: PageQuery) => Promise<Page<Item>>,
  atMost = Number.POSITIVE_INFINITY,
): Promise<Excerpt<Item>> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const limit = Math.min(PAGE_LIMIT, atMost - items.length);
    const page: Page<Item> = await read(cursor === null ? { limit } : { limit, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < atMost);
  return { items, hasMore: cursor !== null };
}
