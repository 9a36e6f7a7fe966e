import 'reflect-metadata';
import { createBillingApp } from './billing-app.js';
import { readConfig } from './config/billing.config.js';
import { Database } from './database/database.js';

/** After this many seconds a drain is given up: a caller that never reads its answer must not keep the process. */
const DRAIN_SECONDS = 8;
/** How often a draining process closes the kept-alive connections whose last answer has gone out. */
const CLOSE_IDLE_MILLISECONDS = 50;

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const app = await createBillingApp(config);
  await app.get(Database).pool.query('select 1');
  await app.listen(config.port, config.host);
  const server = app.getHttpServer();
  let draining = false;
  const drain = (): void => {
    // A signal that comes twice, by a supervisor and by a terminal, must not end what the first one lets finish.
    if (draining) return;
    draining = true;
    setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_MILLISECONDS).unref();
    setTimeout(() => process.exit(1), DRAIN_SECONDS * 1_000).unref();
    app.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message || error.name : String(error)}\n`);
  process.exit(1);
});
