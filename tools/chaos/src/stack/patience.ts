import { ask, HttpError, type HttpReply, type HttpRequest, sleep } from '@uno/local-stack';

const TIMEOUT_MS = 10_000;
const PATIENCE_MS = 240_000;
const PAUSE_MS = 200;

/** Asks as a client does who knows that servers die: again, until somebody answers who is not on the way down or up. */
export async function askPatiently(request: HttpRequest): Promise<HttpReply> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const reply = await ask({ timeoutMs: TIMEOUT_MS, ...request }).catch((error: unknown) => error as Error);
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
 * @throws HttpError for a refusal.
 */
export async function sendPatiently<T>(request: HttpRequest): Promise<T> {
  const { status, body } = await askPatiently(request);
  if (status >= 400) throw new HttpError(request, status, body);
  return body as T;
}
