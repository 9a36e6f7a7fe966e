import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';

export interface PinoLoggerOptions {
  /** Name of the process, on every line. */
  readonly name: string;
  readonly level: string;
  /** Where the lines go; standard output unless a test reads them. */
  readonly destination?: DestinationStream;
}

/** What Nest says about its own start is of interest to nobody who runs the product. */
const NEST_CONTEXTS = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);
const SECRETS = ['authorization', 'apiKey', 'api_key', 'serviceKey', 'password', 'secret', 'token'];

/**
 * Nest's logger over pino: one JSON object a line. A message may be a text, or an object whose `msg` is the text and whose
 * other fields are ids and counters. Of an error only the class and the frames are written: messages quote what they failed
 * on, and that can be a cell's value or a provider's answer.
 */
export class PinoLogger implements LoggerService {
  readonly #pino: Logger;

  constructor({ name, level, destination }: PinoLoggerOptions) {
    const options = {
      name,
      level,
      base: { name, pid: process.pid },
      redact: { paths: SECRETS.flatMap((key) => [key, `*.${key}`]), censor: '[secret]' },
      formatters: { level: (label: string) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    };
    this.#pino = destination ? pino(options, destination) : pino(options);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write(NEST_CONTEXTS.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  /** Nest passes the context last, and for errors the stack before it. */
  #write(level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', message: unknown, rest: unknown[]): void {
    const texts = rest.filter((item): item is string => typeof item === 'string');
    const context = texts.at(-1);
    const fields = { ...(context === undefined ? {} : { context }), ...errorFields(rest.find(isError) ?? message) };
    if (isError(message)) this.#pino[level](fields, 'An error was thrown');
    else if (typeof message === 'object' && message !== null) this.#pino[level]({ ...fields, ...message });
    else this.#pino[level](fields, String(message));
  }
}

const isError = (value: unknown): value is Error => value instanceof Error;

/** Class, type and frames of an error, without its message. */
export function errorFields(error: unknown): { errorClass?: string; frames?: string } {
  if (!isError(error)) return {};
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { errorClass: error.constructor.name, frames: frames.slice(0, 12).join('\n') };
}
