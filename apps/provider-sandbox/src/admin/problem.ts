import type { NextFunction, Request, Response } from 'express';
import type { z } from 'zod';

interface FieldFault {
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly detail: string;
}

/** RFC 9457. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly FieldFault[];
}

/** Sends `problem` as `application/problem+json`. */
export function sendProblem(response: Response, problem: Problem): void {
  response
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', ...problem }));
}

/** A 422 that names each field at fault. */
export function invalid(error: z.ZodError): Problem {
  const errors = error.issues.flatMap((issue) => {
    const fields = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return fields.map((path) => ({ pointer: pointerTo(path), detail: issue.message }));
  });
  return unprocessable(errors, isUnknownName(error) ? 'not_supported' : 'invalid');
}

export function unprocessable(errors: readonly FieldFault[], code: 'not_supported' | 'invalid'): Problem {
  const detail = errors.map((each) => `${each.pointer || '/'}: ${each.detail}`).join('; ');
  return { status: 422, title: 'Unprocessable Content', detail, code, errors };
}

/** Last resort of both servers: no stack, no request data. */
export function jsonFailure(
  error: { status?: number },
  _request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (response.headersSent) {
    next(error);
    return;
  }
  const status = error.status ?? 500;
  sendProblem(response, {
    status,
    title: 'Request failed',
    detail: 'The request could not be handled.',
    code: 'failed',
  });
}

function isUnknownName(error: z.ZodError): boolean {
  return error.issues.some(({ path }) => ['provider', 'fault', 'entityType'].includes(String(path.at(-1))));
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
