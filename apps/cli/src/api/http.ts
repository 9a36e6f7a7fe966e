import { toApiProblem } from '@uno/api-client';
import type { ApiCredentials } from '../credentials.js';
import { BrokenConnection, CommandFailure, UnreachableFailure } from '../failures.js';

const NOBODY_LISTENS = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'];

/**
 * `fetch` that says what a person can do when nobody answers at `url`.
 *
 * @throws UnreachableFailure when nobody listens there; BrokenConnection; CommandFailure when a page answers.
 */
export function fetchFrom(url: string): typeof fetch {
  return async (input, init) => {
    let response: Response;
    try {
      response = await fetch(input, init);
    } catch (error) {
      const code = (error as { cause?: { code?: string } } | null)?.cause?.code ?? '';
      if (NOBODY_LISTENS.includes(code)) throw new UnreachableFailure(url);
      throw new BrokenConnection(url, code);
    }
    if (response.ok && response.headers.get('content-type')?.startsWith('text/html') === true) {
      throw new CommandFailure(`What answers at ${url} is a page, not the API. Check the address.`, 'not_the_api');
    }
    return response;
  };
}

/** A request outside the documented API: a streamed body, or a route for operators. */
export interface RawRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
}

/**
 * Sends one request and reads the JSON reply.
 *
 * @throws ApiProblem for every status from 400 on, and what `fetchFrom` throws.
 */
export async function sendRequest<Reply>(credentials: ApiCredentials, request: RawRequest): Promise<Reply> {
  const response = await openReply(credentials, request);
  return (await response.json().catch(() => undefined)) as Reply;
}

/** The same, for a reply that is read as a stream. */
export async function openReply({ url, apiKey }: ApiCredentials, request: RawRequest): Promise<Response> {
  const response = await fetchFrom(url)(`${url}${request.path}`, {
    method: request.method,
    headers: { authorization: `Bearer ${apiKey}`, ...request.headers },
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    ...(request.body === undefined ? {} : { body: request.body, duplex: 'half' }),
  });
  if (response.ok) return response;
  const problem: unknown = await response.json().catch(() => undefined);
  throw toApiProblem(response, problem);
}
