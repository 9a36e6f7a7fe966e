import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

function listen(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
    });
  });
}

/**
 * A TCP port on 127.0.0.1 that was free a moment ago. Another process may take it before the caller does, so a server
 * that fails to bind should be started again with a new one.
 */
export async function freePort(): Promise<number> {
  const port = await listen(0);
  if (port === undefined) throw new Error('The operating system gave no free port on 127.0.0.1');
  return port;
}

/**
 * Whether a server could listen on this port of 127.0.0.1 right now.
 *
 * @throws when the port may not be bound at all, for example a privileged one (`EACCES`).
 */
export async function isPortFree(port: number): Promise<boolean> {
  return (await listen(port)) !== undefined;
}

const LOWEST_BASE = 10_000;
const HIGHEST_BASE = 30_000;

/**
 * The first of `count` ports in a row on 127.0.0.1 that were free a moment ago. They lie below the range from which
 * outgoing connections get theirs, so that none of these keeps a process from being started again on its port.
 */
export async function freePortBase(count: number): Promise<number> {
  for (;;) {
    const base = LOWEST_BASE + Math.floor(Math.random() * (HIGHEST_BASE - LOWEST_BASE));
    const free = await Promise.all(Array.from({ length: count }, (_, offset) => isPortFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}
