import type { ApiCredentials } from '../credentials.js';
import { ApiFailure, CommandFailure, UnreachableFailure } from '../failures.js';
import type { FieldProblem } from '../failures.js';

/** One request: `query` entries that are undefined are left out; `body` goes as JSON, `stream` as it is. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly stream?: { readonly type: string; readonly content: AsyncIterable<Uint8Array> };
  readonly idempotencyKey?: string;
}

/**
 * Sends one request and reads the JSON reply; `undefined` for a reply without a body.
 *
 * @throws ApiFailure for every status from 400 on, with the problem's detail and its field pointers.
 * @throws UnreachableFailure when nobody listens there; CommandFailure when the connection broke.
 */
export async function sendRequest<Reply>({ url, apiKey }: ApiCredentials, request: ApiRequest): Promise<Reply> {
  const target = new URL(`${url}${request.path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) target.searchParams.set(name, String(value));
  }
  const response = await send(url, target, {
    method: request.method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(request.stream === undefined ? {} : { 'content-type': request.stream.type }),
      ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(request.stream === undefined ? {} : { body: request.stream.content, duplex: 'half' }),
  });
  const text = await response.text();
  if (!response.ok) throw readProblem(response.status, text);
  return (text === '' ? undefined : JSON.parse(text)) as Reply;
}

async function send(url: string, target: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(target, init);
  } catch (error) {
    const code = (error as { cause?: { code?: string } } | null)?.cause?.code ?? '';
    if (['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(code)) throw new UnreachableFailure(url);
    throw new CommandFailure(`The connection to ${url} broke${code === '' ? '' : ` (${code})`}.`, 'connection_broken');
  }
}

function readProblem(status: number, text: string): ApiFailure {
  try {
    const problem = JSON.parse(text) as { title?: string; detail?: string; code?: string; errors?: FieldProblem[] };
    const detail = problem.detail ?? problem.title ?? `The server answered ${status}.`;
    return new ApiFailure(detail, problem.code ?? 'failed', status, problem.errors ?? []);
  } catch {
    return new ApiFailure(`The server answered ${status} without an explanation.`, 'failed', status);
  }
}
