import createFetchClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import { toApiProblem } from './api-problem.js';
import type { components, paths } from './generated/openapi.js';

/** Views of the API by name, such as `Schema<'List'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

export type ApiClient = Client<paths>;

export interface ApiClientOptions {
  /** Where the API is, such as `http://127.0.0.1:3000`; empty in a page that the API itself serves. */
  readonly url: string;
  readonly apiKey: string;
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * A client whose routes, parameters and answers are typed by the OpenAPI document:
 * `const list = await unwrap(client.GET('/v1/lists/{listId}', { params: { path: { listId } } }))`.
 */
export function createApiClient({ url, apiKey, fetch }: ApiClientOptions): ApiClient {
  return createFetchClient<paths>({
    baseUrl: url,
    headers: { authorization: `Bearer ${apiKey}` },
    ...(fetch && { fetch }),
  });
}

interface Outcome<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The answer of a call.
 * @throws ApiProblem when the API refused
 */
export async function unwrap<Data>(call: Promise<Outcome<Data>>): Promise<Exclude<Data, undefined>> {
  const { data, error, response } = await call;
  if (!response.ok) throw toApiProblem(response, error);
  return data as Exclude<Data, undefined>;
}
