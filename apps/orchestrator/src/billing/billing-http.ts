import { z } from 'zod';

/** Largest answer that is read: 25 captures of 10,000 cell versions each take less than half of it. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

const problem = z.object({
  code: z.string().optional(),
  available: z.number().optional(),
  required: z.number().optional(),
});
type BillingProblem = z.infer<typeof problem>;

/** What billing answered, a refusal too. `problem` is empty where the body is no problem of ours. */
export interface BillingReply {
  readonly status: number;
  readonly body: unknown;
  readonly problem: BillingProblem;
}

/** Billing did not do what was asked, and asking again may help: the activity around it retries. */
export class BillingUnavailable extends Error {}

/** Billing does not accept the request as it is, and never will: asking again is no use. */
export class BillingRefused extends Error {}

export interface BillingRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly idempotencyKey?: string;
  readonly body?: unknown;
}

/**
 * One call. Time-out and size limit are for the whole of it, so an answer that never begins, never ends or is too large is
 * no answer. A redirect is none either: it would send the key elsewhere and turn a POST into a GET.
 * @throws BillingUnavailable for everything that is not JSON from billing
 */
export async function callBilling(
  { url, key, timeoutMs }: { readonly url: string; readonly key: string; readonly timeoutMs: number },
  { method, path, idempotencyKey, body }: BillingRequest,
): Promise<BillingReply> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'error',
      headers: {
        authorization: `Bearer ${key}`,
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = JSON.parse(await readText(response));
    const parsed = problem.safeParse(answer);
    return { status: response.status, body: answer, problem: parsed.success ? parsed.data : {} };
  } catch {
    throw new BillingUnavailable(`Billing did not answer ${method} ${path.split('?')[0]}`);
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop by a throw cancels the body, so the rest of a large answer is not read.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('The answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Statuses that say nothing about the request: a key or a route that an operator mends, a lock, a limit. */
const PASSING: readonly number[] = [401, 403, 404, 405, 407, 408, 409, 421, 425, 429];
/** What billing itself says of something that it does not know, unlike a proxy that does not know the route. */
const UNKNOWN_THERE: readonly string[] = ['hold_not_found', 'capture_not_found'];

/**
 * What an answer means that its caller has no place for. Only billing itself refuses for good, by a problem with a code: an
 * error page of something in between does not.
 */
export function unexpected(what: string, { status, problem: { code } }: BillingReply): Error {
  const message = `Billing answered the ${what} with ${status} ${code ?? ''}`.trim();
  const refused = status >= 400 && status < 500 && code !== undefined && !PASSING.includes(status);
  return refused || UNKNOWN_THERE.includes(code ?? '') ? new BillingRefused(message) : new BillingUnavailable(message);
}

/** The body of a success. @throws BillingUnavailable where it does not have the form of the contract */
export function parseAnswer<T>(what: string, schema: z.ZodType<T>, { body }: BillingReply): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new BillingUnavailable(`Billing answered the ${what} in a form that its contract does not have`);
}
