import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';

/** Nest's logger over pino: one JSON line per event. Requests are logged without headers and bodies. */
export class Logger implements LoggerService {
  readonly pino;

  constructor(level: string) {
    this.pino = pino({ level, base: { service: 'billing' }, serializers: { err: describeError } });
  }

  log(message: unknown, context?: unknown): void {
    this.pino.info({ context }, String(message));
  }

  error(message: unknown, ...details: unknown[]): void {
    this.pino.error({ details }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.pino.warn({ context }, String(message));
  }

  debug(message: unknown, context?: unknown): void {
    this.pino.debug({ context }, String(message));
  }
}

/** Name, code and stack only: an error of the database driver also carries the statement's values. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return { message: String(error) };
  }
  return {
    type: error.name,
    message: error.message,
    code: 'code' in error ? error.code : undefined,
    stack: error.stack,
  };
}
