import type { JsonObject } from '../http/problem.js';
import { Problem, problemDetails } from '../http/problem.js';

/** What a command was answered, and will be answered whenever its key comes again. */
export interface Answer<T extends object = object> {
  readonly status: number;
  readonly body: T | JsonObject;
}

/** An answer that says what was done. */
export function done<T extends object>(status: 200 | 201, body: T): Answer<T> {
  return { status, body };
}

/**
 * An answer that says why nothing was done. It is returned, not thrown: it commits, and stays the answer of the key
 * even where the same request would succeed later.
 */
export function refuse(
  status: 402 | 409 | 422,
  code: string,
  detail: string,
  extensions: JsonObject = {},
): Answer<never> {
  return { status, body: problemDetails(status, code, detail, extensions) };
}

/**
 * The body of an answer.
 * @throws Problem where the answer is a refusal.
 */
export function unwrap<T extends object>(answer: Answer<T>): T {
  if (answer.status >= 400) {
    const { code, detail, status, ...extensions } = answer.body as Record<string, unknown>;
    throw new Problem(problemDetails(Number(status), String(code), String(detail), extensions));
  }
  return answer.body as T;
}
