import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adminServer } from './admin/admin.server.js';
import { readSandboxConfig } from './config/sandbox-config.js';
import { SandboxMetrics } from './metrics.js';
import { providerServer } from './providers/provider.server.js';
import { Sandbox } from './sandbox.js';

/** How long calls in flight may take to end after SIGTERM. */
const DRAIN_MS = 2_000;
const KEEP_ALIVE_MS = 65_000;

async function main(): Promise<void> {
  const config = readSandboxConfig(process.env);
  const sandbox = new Sandbox(config);
  const provider = createServer(providerServer(sandbox, new SandboxMetrics()));
  const admin = createServer(adminServer(sandbox, config.adminKey));
  // A hanging call is a fault of its own making; Node must not end it.
  provider.requestTimeout = 0;
  // On a busy machine the default of 5 s closes connections that a caller is about to use again: a fault nobody asked for.
  for (const server of [provider, admin]) server.keepAliveTimeout = KEEP_ALIVE_MS;
  const ports = {
    port: await listen(provider, config.host, config.port),
    adminPort: await listen(admin, config.host, config.adminPort),
  };
  report({ event: 'listening', host: config.host, ...ports });
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // A signal that comes twice must not end what the first one lets finish.
      if (stopping) return;
      stopping = true;
      report({ event: 'stopping', signal });
      void Promise.all([drain(provider), drain(admin)]).then(() => {
        sandbox.log.close();
        process.exit(0);
      });
    });
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(`cannot listen on ${host}:${port} (${error.code ?? 'unknown error'})`));
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeIdleConnections();
  const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(cutOff);
}

function report(entry: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ service: 'provider-sandbox', ...entry })}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`provider-sandbox: ${error instanceof Error ? error.message : 'cannot start'}\n`);
  process.exit(1);
}
