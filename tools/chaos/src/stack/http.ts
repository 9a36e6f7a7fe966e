import { sleep } from '@uno/local-stack';

const TIMEOUT_MS = 10_000;
const PATIENCE_MS = 240_000;
const PAUSE_MS = 200;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly key: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  /** Default: application/json, and the body is serialized. */
  readonly contentType?: string;
}

export interface HttpReply {
  readonly status: number;
  readonly body: unknown;
}

/** Sends a request and gives back whatever was answered. */
export async function ask(request: HttpRequest): Promise<HttpReply> {
  const { method, url, key, body, idempotencyKey, contentType = 'application/json' } = request;
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': contentType }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, body: isJson && text ? JSON.parse(text) : text };
}

/** Asks as a client does who knows that servers die: again, until somebody answers who is not on the way down or up. */
export async function askPatiently(request: HttpRequest): Promise<HttpReply> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const reply = await ask(request).catch((error: unknown) => error as Error);
    const answered = !(reply instanceof Error) && reply.status < 500 && !isBusy(reply);
    if (answered) return reply;
    if (Date.now() > deadline) {
      const last = reply instanceof Error ? reply.message : `${reply.status} ${JSON.stringify(reply.body)}`;
      throw new Error(`${request.method} ${request.url} had no answer for ${PATIENCE_MS} ms: ${last}`);
    }
    await sleep(PAUSE_MS);
  }
}

/** Another try of the same request is still running, or jobs keep the cell busy: the answer comes later. */
function isBusy({ status, body }: HttpReply): boolean {
  const code = (body as { code?: string } | null)?.code;
  return (
    status === 429 || (status === 409 && code !== undefined && ['idempotency_key_in_use', 'cell_busy'].includes(code))
  );
}

/**
 * Asks patiently for something that must succeed.
 *
 * @throws for a refusal.
 */
export async function send<T>(request: HttpRequest): Promise<T> {
  const { status, body } = await askPatiently(request);
  if (status >= 400) throw new Error(`${request.method} ${request.url} was refused: ${status} ${JSON.stringify(body)}`);
  return body as T;
}
