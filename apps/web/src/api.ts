import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type {
  Books,
  CellDetails,
  Column,
  Credits,
  EntityType,
  Identity,
  ImportResult,
  Job,
  JobRequest,
  JsonValue,
  List,
  Quote,
  Row,
  Service,
} from './api.types.js';

/** An answer that is not a success, with a sentence for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export type RowPage = Page<Row> & { readonly total: number };

export interface Api {
  lists(): Promise<readonly List[]>;
  list(listId: string): Promise<List>;
  createList(list: { name: string; entityType: EntityType }): Promise<List>;
  setIdentity(listId: string, identity: Identity): Promise<List>;
  importCsv(listId: string, file: Blob): Promise<ImportResult>;
  rows(listId: string, fromPosition: number, limit: number): Promise<RowPage>;
  services(): Promise<readonly Service[]>;
  columns(listId: string): Promise<readonly Column[]>;
  createColumn(listId: string, column: { name: string; service: string; config: JsonValue }): Promise<Column>;
  cell(listId: string, rowId: string, columnId: string): Promise<CellDetails>;
  editCell(listId: string, rowId: string, columnId: string, value: JsonValue): Promise<void>;
  quote(listId: string, request: JobRequest): Promise<Quote>;
  startJob(listId: string, request: JobRequest): Promise<Job>;
  jobs(listId: string): Promise<readonly Job[]>;
  cancelJob(jobId: string): Promise<void>;
  books(jobId: string): Promise<Books>;
  credits(): Promise<Credits>;
  /** A socket of the live namespace, not connected yet. */
  live(): Socket;
}

export function createApi(key: string): Api {
  const call = async <T>(method: string, path: string, body?: unknown, type = 'application/json'): Promise<T> => {
    const headers: Record<string, string> = { authorization: `Bearer ${key}` };
    if (body !== undefined) headers['content-type'] = type;
    if (method === 'POST') headers['idempotency-key'] = crypto.randomUUID();
    const payload = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
    const response = await fetch(path, { method, headers, ...(payload !== undefined && { body: payload }) });
    const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
    if (response.ok) return answer as T;
    const problem = (answer ?? {}) as { code?: string; detail?: string; title?: string };
    const sentence = problem.detail ?? problem.title ?? `The server answered with ${response.status}.`;
    throw new ApiError(response.status, problem.code ?? 'unknown', sentence);
  };
  const list = (listId: string): string => `/v1/lists/${encodeURIComponent(listId)}`;
  const job = (jobId: string): string => `/v1/jobs/${encodeURIComponent(jobId)}`;
  const cell = (listId: string, rowId: string, columnId: string): string =>
    `${list(listId)}/rows/${encodeURIComponent(rowId)}/cells/${encodeURIComponent(columnId)}`;
  const items = async <T>(path: string): Promise<readonly T[]> => (await call<Page<T>>('GET', path)).items;

  return {
    lists: () => items<List>('/v1/lists?limit=200'),
    list: (listId) => call('GET', list(listId)),
    createList: (body) => call('POST', '/v1/lists', body),
    setIdentity: (listId, identity) => call('PATCH', list(listId), { identity }),
    importCsv: (listId, file) => call('POST', `${list(listId)}/import`, file, 'text/csv'),
    rows: (listId, from, limit) => call('GET', `${list(listId)}/rows?fromPosition=${from}&limit=${limit}`),
    services: () => items<Service>('/v1/services'),
    columns: (listId) => items<Column>(`${list(listId)}/columns`),
    createColumn: (listId, body) => call('POST', `${list(listId)}/columns`, body),
    cell: (listId, rowId, columnId) => call('GET', cell(listId, rowId, columnId)),
    editCell: (listId, rowId, columnId, value) => call('PUT', cell(listId, rowId, columnId), { value }),
    quote: (listId, body) => call('POST', `${list(listId)}/quotes`, body),
    startJob: (listId, body) => call('POST', `${list(listId)}/jobs`, body),
    jobs: (listId) => items<Job>(`/v1/jobs?listId=${encodeURIComponent(listId)}&limit=50`),
    cancelJob: (jobId) => call('POST', `${job(jobId)}/cancel`),
    books: (jobId) => call('GET', `${job(jobId)}/books`),
    credits: () => call('GET', '/v1/credits'),
    live: () => io('/live', { auth: { key }, autoConnect: false, transports: ['websocket'] }),
  };
}
