import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { isDatabaseAway } from '../database/database-error.js';
import { Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { Problem, problemDetails } from './problem.js';

/** Writes every error of a request as application/problem+json. Unexpected ones are logged, and told to nobody. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.toProblem(error, host.switchToHttp().getRequest<Request>());
    this.metrics.refusals.inc({ code: problem.details.code });
    if (problem.details.status >= 500) {
      this.logger.pino.error({ err: error, code: problem.details.code }, 'request failed');
    }
    if (response.headersSent) {
      response.end();
      return;
    }
    if (problem.retryAfterSeconds !== undefined) {
      response.setHeader('Retry-After', String(problem.retryAfterSeconds));
    }
    if (problem.details.status === 401) {
      response.setHeader('WWW-Authenticate', 'Bearer');
    }
    response.status(problem.details.status).type('application/problem+json').send(JSON.stringify(problem.details));
  }

  private toProblem(error: unknown, { path }: Request): Problem {
    if (error instanceof Problem) {
      return error;
    }
    if (isDatabaseAway(error)) {
      return new Problem(problemDetails(503, 'database_unavailable', 'The database cannot be reached. Try again.'), 1);
    }
    switch (statusOf(error)) {
      case 400:
        if (!canBeDecoded(path)) {
          return new Problem(
            problemDetails(400, 'malformed_address', 'The address has a % that does not stand for a character.'),
          );
        }
        return new Problem(problemDetails(400, 'malformed_body', 'The body is not readable JSON.'));
      case 404:
        return new Problem(problemDetails(404, 'not_found', 'There is no such route.'));
      case 413:
        return new Problem(problemDetails(413, 'body_too_large', 'The body is larger than the service takes.'));
      case 415:
        return new Problem(problemDetails(415, 'unsupported_encoding', 'The encoding of the body is not supported.'));
      default:
        return new Problem(problemDetails(500, 'internal_error', 'The service failed. Its log says why.'));
    }
  }
}

function canBeDecoded(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** The status that Nest's router or the body parser meant. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) {
    return error.getStatus();
  }
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : undefined;
}
