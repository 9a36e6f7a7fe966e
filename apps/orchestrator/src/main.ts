import './config/heap.js';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { PinoLogger } from '@uno/worker-kit';
import { ApiModule } from './api.module.js';
import { Config, readConfig } from './config/config.js';
import { configureApi } from './configure-api.js';
import { HttpMetrics } from './health/http-metrics.js';

/** After a signal, requests that are being answered get so long, then the rest of the shutdown. */
const DRAIN_MS = 5_000;
const LONGEST_SHUTDOWN_MS = 9_000;
const DRAIN_POLL_MS = 25;

async function start(): Promise<void> {
  const { logLevel } = readConfig(process.env);
  const logger = new PinoLogger({ name: 'api', level: logLevel });
  const app = await NestFactory.create<NestExpressApplication>(ApiModule, {
    logger,
    abortOnError: false,
    bodyParser: false,
  });
  configureApi(app);
  const config = app.get(Config);
  await app.listen(config.port, config.host);
  logger.log({ msg: 'Listening', host: config.host, port: config.port }, 'Api');
  let draining = false;
  const shutDown = (signal: string): void => {
    // A signal that comes twice, by a supervisor and by a terminal, must not end what the first one lets finish.
    if (draining) return;
    draining = true;
    logger.log({ msg: 'Draining', signal }, 'Api');
    setTimeout(() => process.exit(1), LONGEST_SHUTDOWN_MS).unref();
    drain(app).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', shutDown);
  process.on('SIGINT', shutDown);
}

/** Answers what was asked before connections to the database close; streams and sockets are cut, their clients come back. */
async function drain(app: NestExpressApplication): Promise<void> {
  const server = app.getHttpServer();
  const metrics = app.get(HttpMetrics);
  server.close();
  const until = Date.now() + DRAIN_MS;
  while (metrics.inFlight > 0 && Date.now() < until) {
    server.closeIdleConnections();
    await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
  }
  server.closeAllConnections();
  await app.close();
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message || error.name : String(error)}\n`);
  process.exit(1);
});
