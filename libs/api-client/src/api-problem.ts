import type { components } from './generated/openapi.js';

export type ProblemBody = components['schemas']['Problem'];

/** A refusal of the API (RFC 9457). Decide on `code`; `message` is a sentence for people. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Complaints about single places of the request, each with a JSON pointer. */
    readonly errors: readonly { readonly pointer: string; readonly detail: string }[] = [],
    /** Seconds after which trying again makes sense, where the API says so. */
    readonly retryAfterSeconds?: number,
  ) {
    super(detail);
  }
}

/** Makes the error of a response; an answer that is no problem document (a proxy's page) still gives a usable one. */
export function toApiProblem(response: Response, body: unknown): ApiProblem {
  const problem: Partial<ProblemBody> = typeof body === 'object' && body !== null ? body : {};
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiProblem(
    response.status,
    problem.code ?? 'unknown',
    problem.detail ?? `The server answered with ${response.status}.`,
    problem.errors ?? [],
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  );
}
