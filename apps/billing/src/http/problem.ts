import { STATUS_CODES } from 'node:http';

/** A JSON value that came through a schema or goes out as an answer. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An error as RFC 9457 writes it; `code` is what programs decide on. */
export interface ProblemDetails extends JsonObject {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

/** Thrown wherever a request ends in a refusal; the exception filter writes it as application/problem+json. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly details: ProblemDetails,
    /** Seconds after which trying again makes sense. */
    readonly retryAfterSeconds?: number,
  ) {
    super(details.code);
  }
}

/**
 * Builds the details of a problem.
 * @param extensions further members, such as what was available and what was required.
 */
export function problemDetails(
  status: number,
  code: string,
  detail: string,
  extensions: JsonObject = {},
): ProblemDetails {
  return {
    type: `urn:uno:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    ...extensions,
  };
}
