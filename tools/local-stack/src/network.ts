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
