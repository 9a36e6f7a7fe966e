const TIMEOUT_MS = 30_000;

/** One request of the seed. */
export interface SeedRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path below the server's address. */
  readonly path: string;
  readonly body?: unknown;
  /** Makes a repeat answer what the first one did. */
  readonly idempotencyKey?: string;
}

/** An answer other than 2xx. */
export class SeedRequestFailed extends Error {
  override readonly name = 'SeedRequestFailed';

  constructor(
    request: SeedRequest,
    readonly status: number,
    detail: string,
  ) {
    super(`${request.method} ${request.path} answered ${status}: ${detail}`);
  }
}

/**
 * Sends a request and returns its JSON body, undefined for an empty one.
 *
 * @throws SeedRequestFailed for any other status than 2xx.
 */
export async function send(baseUrl: string, key: string, request: SeedRequest): Promise<unknown> {
  const headers = new Headers({ authorization: `Bearer ${key}` });
  if (request.body !== undefined) headers.set('content-type', 'application/json');
  if (request.idempotencyKey) headers.set('idempotency-key', request.idempotencyKey);
  const response = await fetch(`${baseUrl}${request.path}`, {
    method: request.method,
    headers,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new SeedRequestFailed(request, response.status, text.slice(0, 500));
  return text === '' ? undefined : JSON.parse(text);
}
