export interface JsonRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly key: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly contentType?: string;
}

/**
 * Sends a request and reads its JSON answer.
 *
 * @throws for any status but 2xx.
 */
export async function sendJson<T>(url: string, request: JsonRequest): Promise<T> {
  const { method, key, body, idempotencyKey, contentType = 'application/json' } = request;
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': contentType }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
