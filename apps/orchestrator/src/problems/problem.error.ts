import { STATUS_CODES } from 'node:http';

/** One complaint about one place in a request. */
export interface FieldProblem {
  /** JSON pointer into the body, or into the query or path parameters. */
  readonly pointer: string;
  readonly detail: string;
}

/** A JSON pointer (RFC 6901) of the steps from the root of a document. */
export function toPointer(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  return path
    .map((step) => String(typeof step === 'object' ? step.key : step))
    .map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

export interface ProblemOptions {
  readonly errors?: readonly FieldProblem[];
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Further members of the answer, such as the actions that are allowed. No entity data. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Thrown wherever a request ends in a refusal; the filter writes it as application/problem+json (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly status: number,
    /** What programs decide on. */
    readonly code: string,
    /** A sentence for people, without values of cells or entities. */
    readonly detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(code);
  }

  /** The body of the answer. */
  toBody(): Record<string, unknown> {
    const { errors, extensions } = this.options;
    return {
      type: `urn:uno:problem:${this.code}`,
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.detail,
      code: this.code,
      ...(errors && { errors }),
      ...extensions,
    };
  }
}

/** 400: the request cannot be read at all. */
export const badRequest = (code: string, detail: string): ProblemError => new ProblemError(400, code, detail);

export const unauthorized = (detail = 'Send a valid key as a bearer token.'): ProblemError =>
  new ProblemError(401, 'unauthorized', detail);

export const forbidden = (detail: string): ProblemError => new ProblemError(403, 'forbidden', detail);

/** 404, also for what belongs to another workspace: nobody learns that it exists. */
export const notFound = (what = 'resource'): ProblemError =>
  new ProblemError(404, 'not_found', `There is no such ${what}.`);

/** 409: the state of things forbids it. */
export const conflict = (code: string, detail: string, options: ProblemOptions = {}): ProblemError =>
  new ProblemError(409, code, detail, options);

export const tooLarge = (code: string, detail: string): ProblemError => new ProblemError(413, code, detail);

/** 415 of the route that takes a CSV file. */
export const csvExpected = (): ProblemError =>
  new ProblemError(415, 'unsupported_media_type', 'Send the file as text/csv in UTF-8, not compressed.');

/** 415 of every route that takes JSON. */
export const jsonExpected = (): ProblemError =>
  new ProblemError(415, 'unsupported_media_type', 'Send the body as application/json, in UTF-8.');

/** 422 about one place of the body; the pointer is a JSON pointer such as `/config/attribute`. */
export const unprocessable = (code: string, pointer: string, detail: string): ProblemError =>
  new ProblemError(422, code, detail, { errors: [{ pointer, detail }] });

/** 422 for what is documented but not built yet. */
export const notSupported = (pointer: string, detail: string): ProblemError =>
  unprocessable('not_supported', pointer, detail);

/** 422 with all complaints about a request. */
export const invalidRequest = (errors: readonly FieldProblem[]): ProblemError =>
  new ProblemError(422, 'invalid_request', 'The request does not fit the schema of the route.', { errors });

/** 503: a part that is needed cannot be reached now. */
export const unavailable = (code: string, detail: string, retryAfterSeconds = 1): ProblemError =>
  new ProblemError(503, code, detail, { retryAfterSeconds });
