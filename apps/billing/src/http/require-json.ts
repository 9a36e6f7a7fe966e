import type { NextFunction, Request, Response } from 'express';
import { Problem, problemDetails } from './problem.js';

/** Refuses a body of another type than JSON: the parser would pass it over, and its sender would not learn of that. */
export function requireJson(request: Request, _: Response, next: NextFunction): void {
  const isOther = request.is('application/json') === false && request.headers['content-length'] !== '0';
  next(
    isOther
      ? new Problem(problemDetails(415, 'unsupported_media_type', 'Send the body as application/json, in UTF-8.'))
      : undefined,
  );
}
