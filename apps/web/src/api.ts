import { connectLive, createApiClient, unwrap } from '@uno/api-client';
import type { LiveSocket } from '@uno/api-client';
import type {
  Books,
  CellDetails,
  Column,
  Credits,
  Effect,
  EntityType,
  Identity,
  ImportResult,
  Job,
  JobRequest,
  List,
  Quote,
  Row,
  Service,
} from './api.types.js';

export { ApiProblem } from '@uno/api-client';

/** The page is served by the API itself. */
const SAME_ORIGIN = '';

export interface CellPath {
  readonly listId: string;
  readonly rowId: string;
  readonly columnId: string;
}

/** What the page asks of the API. Every method throws `ApiProblem` with a sentence for people. */
export interface Api {
  lists(): Promise<readonly List[]>;
  createList(list: { name: string; entityType: EntityType }): Promise<List>;
  setIdentity(listId: string, identity: Identity): Promise<List>;
  importCsv(listId: string, file: Blob): Promise<ImportResult>;
  rows(listId: string, fromPosition: number, limit: number): Promise<{ items: readonly Row[]; total: number }>;
  services(): Promise<readonly Service[]>;
  columns(listId: string): Promise<readonly Column[]>;
  createColumn(listId: string, column: { name: string; service: string; config: Column['config'] }): Promise<Column>;
  changeColumn(listId: string, columnId: string, change: { name: string; config: Column['config'] }): Promise<Column>;
  cell(path: CellPath): Promise<CellDetails>;
  editCell(path: CellPath, value: unknown): Promise<CellDetails>;
  quote(listId: string, request: JobRequest): Promise<Quote>;
  startJob(listId: string, request: JobRequest): Promise<Job>;
  jobs(listId: string): Promise<readonly Job[]>;
  cancelJob(jobId: string): Promise<Job>;
  compensateJob(jobId: string): Promise<Job>;
  /** The first records that somebody changed after the job wrote them, so that its undo left them alone. */
  changedMeanwhile(jobId: string): Promise<readonly Effect[]>;
  books(jobId: string): Promise<Books>;
  credits(): Promise<Credits>;
  live(): LiveSocket;
}

/** The API with one key, for a page that the API itself serves. */
export function createApi(apiKey: string): Api {
  const client = createApiClient({ url: SAME_ORIGIN, apiKey });
  const once = () => ({ 'Idempotency-Key': crypto.randomUUID() });
  const ofList = (listId: string) => ({ path: { listId } });
  const ofJob = (jobId: string) => ({ path: { jobId } });
  return {
    lists: async () => (await unwrap(client.GET('/v1/lists', { params: { query: { limit: 1_000 } } }))).items,
    createList: (body) => unwrap(client.POST('/v1/lists', { params: { header: once() }, body })),
    setIdentity: (listId, identity) =>
      unwrap(client.PATCH('/v1/lists/{listId}', { params: ofList(listId), body: { identity } })),
    importCsv: (listId, file) =>
      unwrap(
        client.POST('/v1/lists/{listId}/import', {
          params: ofList(listId),
          headers: { 'content-type': 'text/csv' },
          // The document describes the body as text; a file is sent as it is, without reading it first.
          body: file as unknown as string,
          bodySerializer: (body) => body as unknown as Blob,
        }),
      ),
    rows: async (listId, fromPosition, limit) => {
      const items: Row[] = [];
      for (;;) {
        const query = { fromPosition: fromPosition + items.length, limit: limit - items.length };
        const page = await unwrap(client.GET('/v1/lists/{listId}/rows', { params: { ...ofList(listId), query } }));
        items.push(...page.items);
        // A page of large rows ends early.
        if (items.length >= limit || page.items.length === 0 || page.nextCursor === null) {
          return { items, total: page.total };
        }
      }
    },
    services: async () => (await unwrap(client.GET('/v1/services'))).items,
    columns: async (listId) =>
      (await unwrap(client.GET('/v1/lists/{listId}/columns', { params: ofList(listId) }))).items,
    createColumn: (listId, body) =>
      unwrap(client.POST('/v1/lists/{listId}/columns', { params: { ...ofList(listId), header: once() }, body })),
    changeColumn: (listId, columnId, body) =>
      unwrap(client.PATCH('/v1/lists/{listId}/columns/{columnId}', { params: { path: { listId, columnId } }, body })),
    cell: (path) => unwrap(client.GET('/v1/lists/{listId}/rows/{rowId}/cells/{columnId}', { params: { path } })),
    editCell: (path, value) =>
      unwrap(client.PUT('/v1/lists/{listId}/rows/{rowId}/cells/{columnId}', { params: { path }, body: { value } })),
    quote: (listId, request) =>
      unwrap(client.POST('/v1/lists/{listId}/quotes', { params: ofList(listId), body: withDefaults(request) })),
    startJob: (listId, request) =>
      unwrap(
        client.POST('/v1/lists/{listId}/jobs', {
          params: { ...ofList(listId), header: once() },
          body: withDefaults(request),
        }),
      ),
    jobs: async (listId) => (await unwrap(client.GET('/v1/jobs', { params: { query: { listId, limit: 50 } } }))).items,
    cancelJob: (jobId) =>
      unwrap(client.POST('/v1/jobs/{jobId}/cancel', { params: { ...ofJob(jobId), header: once() } })),
    compensateJob: (jobId) =>
      unwrap(client.POST('/v1/jobs/{jobId}/compensate', { params: { ...ofJob(jobId), header: once() } })),
    changedMeanwhile: async (jobId) => {
      const query = { outcome: 'changed_meanwhile' as const, limit: 50 };
      return (await unwrap(client.GET('/v1/jobs/{jobId}/effects', { params: { ...ofJob(jobId), query } }))).items;
    },
    books: (jobId) => unwrap(client.GET('/v1/jobs/{jobId}/books', { params: ofJob(jobId) })),
    credits: () => unwrap(client.GET('/v1/credits')),
    live: () => connectLive({ url: SAME_ORIGIN, apiKey }),
  };
}

const withDefaults = (request: JobRequest) =>
  ({ ...request, approval: 'auto', onFailure: 'rollback', onCancel: 'rollback' }) as const;
