import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DynamicModule } from '@nestjs/common';
import type { z } from 'zod';
import { ConfigurationError, parseEnvironment, type ProcessEnvironment } from './config/parse-environment.js';
import { PinoLogger } from './logging/pino-logger.js';
import { TemporalWorkerRunner } from './temporal/temporal-worker.runner.js';

export interface WorkerApp<Configuration extends ProcessEnvironment> {
  /** Name of the process in its log. */
  readonly name: string;
  readonly environment: z.ZodType<Configuration>;
  /** The app's root module; it imports `TemporalWorkerModule.register(…)`. */
  readonly module: (configuration: Configuration) => DynamicModule;
}

/** After a signal the process ends within this time, whatever hangs. */
const LONGEST_SHUTDOWN_MS = 9_500;

/**
 * The life of a worker process: read the configuration, serve health, run the worker, and on SIGTERM or SIGINT drain the
 * worker before anything else closes. Never returns; exit code 0 after a drain, 1 when the process cannot go on.
 */
export async function runWorkerApp<Configuration extends ProcessEnvironment>(
  definition: WorkerApp<Configuration>,
): Promise<never> {
  const exitCode = await live(definition);
  process.exit(exitCode);
}

async function live<Configuration extends ProcessEnvironment>(definition: WorkerApp<Configuration>): Promise<number> {
  let logger = new PinoLogger({ name: definition.name, level: 'info' });
  let app: NestExpressApplication | undefined;
  try {
    const configuration = parseEnvironment(definition.environment);
    logger = new PinoLogger({ name: definition.name, level: configuration.LOG_LEVEL });
    app = await NestFactory.create<NestExpressApplication>(definition.module(configuration), {
      logger,
      abortOnError: false,
    });
    const runner = app.get(TemporalWorkerRunner);
    drainOnSignal(runner, logger);
    await app.listen(configuration.PORT, configuration.HOST);
    logger.log({ msg: 'Listening', host: configuration.HOST, port: configuration.PORT }, definition.name);
    await runner.run();
    return 0;
  } catch (error) {
    logger.fatal(explain(error), error, definition.name);
    return 1;
  } finally {
    await app?.close().catch(() => undefined);
  }
}

function drainOnSignal(runner: TemporalWorkerRunner, logger: PinoLogger): void {
  let draining = false;
  const drain = (signal: string): void => {
    // A signal that comes twice, by a supervisor and by a terminal, must not end what the first one lets finish.
    if (draining) return;
    draining = true;
    logger.log({ msg: 'Draining', signal }, 'Shutdown');
    setTimeout(() => process.exit(1), LONGEST_SHUTDOWN_MS).unref();
    runner.drain();
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
}

/** Start-up errors are about this process, never about anybody's data, so they may be told. */
function explain(error: unknown): { msg: string; configuration?: boolean } {
  const msg = error instanceof Error ? error.message : 'The process cannot go on';
  return error instanceof ConfigurationError ? { msg, configuration: true } : { msg };
}
