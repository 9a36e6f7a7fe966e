import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { BillingRefused, BillingUnavailable } from '../billing/billing.client.js';
import { newId } from '../database/ids.js';
import { TemporalUnavailable } from '../laws/workflow-probe.js';
import { isDatabaseAway, sqlState } from './database-error.js';
import {
  ProblemError,
  badRequest,
  csvExpected,
  jsonExpected,
  notFound,
  tooLarge,
  unavailable,
} from './problem.error.js';

/** The import streams its body itself: what the JSON parser says about it means that the body came as JSON. */
const TAKES_CSV = /^\/v1\/lists\/[^/]+\/import\/?$/;

/**
 * Writes every error of a request as application/problem+json. What nobody foresaw becomes a 500 that carries only an
 * `errorId`; the log has the same id beside the stack.
 */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const response = host.switchToHttp().getResponse<Response>();
    const request = host.switchToHttp().getRequest<Request>();
    const foreseen = this.#toProblem(error, request);
    const problem = foreseen.status === 422 && isUnread(request) ? jsonExpected() : foreseen;
    if (response.headersSent) {
      // A stream broke in the middle: ending it properly would look like a complete answer.
      response.destroy();
      return;
    }
    const { retryAfterSeconds } = problem.options;
    if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem.toBody()));
  }

  #toProblem(error: unknown, { originalUrl }: Request): ProblemError {
    if (error instanceof ProblemError) return error;
    if (isDatabaseAway(error)) {
      return unavailable('database_unavailable', 'The database cannot be reached now. Try again.');
    }
    if (error instanceof BillingUnavailable || error instanceof BillingRefused) {
      return unavailable('billing_unavailable', 'Billing cannot be reached now. Try again.');
    }
    if (error instanceof TemporalUnavailable) {
      return unavailable('temporal_unavailable', 'Temporal cannot be reached now. Try again.');
    }
    const [path = ''] = originalUrl.split('?');
    switch (statusOf(error)) {
      case 400:
        if (!canBeDecoded(path)) return badRequest('malformed_address', 'The address has a % that encodes nothing.');
        if (TAKES_CSV.test(path)) return csvExpected();
        return badRequest('malformed_request', 'The request cannot be read: the body must be valid JSON.');
      case 404:
        return notFound('route');
      case 413:
        if (TAKES_CSV.test(path)) return csvExpected();
        return tooLarge('body_too_large', 'The body is larger than this route takes.');
      case 415:
        return new ProblemError(415, 'unsupported_encoding', 'The encoding of the body is not supported.');
      default:
        return this.#unexpected(error);
    }
  }

  #unexpected(error: unknown): ProblemError {
    const errorId = newId('err');
    this.#logger.error({ msg: 'Request failed', errorId, ...describe(error) });
    return new ProblemError(500, 'internal_error', 'The request failed. The log of the server says why.', {
      extensions: { errorId },
    });
  }
}

/** A body of another type than JSON came: it was not read, and so the route misses it. */
const isUnread = (request: Request): boolean =>
  request.body === undefined &&
  request.headers['content-type'] !== undefined &&
  !request.is('application/json') &&
  !TAKES_CSV.test(request.path);

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
  if (error instanceof HttpException) return error.getStatus();
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : undefined;
}

/**
 * What may stand in a log. Messages of errors can quote values of a customer, so only the class, a database's code and
 * the place in our code are kept.
 */
function describe(error: unknown): Record<string, string | undefined> {
  if (!(error instanceof Error)) return { errorClass: typeof error };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { errorClass: error.name, sqlState: sqlState(error), frames: frames?.slice(0, 12).join('\n') };
}
