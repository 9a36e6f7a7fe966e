const TIMEOUT_MS = 30_000;
const LONGEST_DETAIL = 500;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly key: string;
  readonly body?: unknown;
  /** Makes a repeat answer what the first one did. */
  readonly idempotencyKey?: string;
  /** Default: application/json, and the body is serialized. */
  readonly contentType?: string;
  /** For the whole answer; default 30 s. */
  readonly timeoutMs?: number;
}

/** An answer of any status. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else as text. */
  readonly body: unknown;
}

/** A request that was answered with an error. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    { method, url }: Pick<HttpRequest, 'method' | 'url'>,
    readonly status: number,
    readonly body: unknown,
  ) {
    super(`${method} ${url} was answered with ${status}: ${JSON.stringify(body)?.slice(0, LONGEST_DETAIL)}`);
  }
}

/** Sends a request and gives back whatever was answered. */
export async function ask(request: HttpRequest): Promise<HttpReply> {
  const { method, url, key, body, idempotencyKey, contentType = 'application/json', timeoutMs = TIMEOUT_MS } = request;
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': contentType }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
}

/**
 * Sends a request that must succeed.
 *
 * @throws HttpError for a status of 400 and above.
 */
export async function send<T>(request: HttpRequest): Promise<T> {
  const { status, body } = await ask(request);
  if (status >= 400) throw new HttpError(request, status, body);
  return body as T;
}
