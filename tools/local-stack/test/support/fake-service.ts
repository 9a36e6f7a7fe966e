import type { ServiceDefinition } from '../../src/supervisor/service-definition.js';

const SERVER = `
  const server = require('node:http').createServer((_, response) => response.end('ok'));
  server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
`;
const IGNORES_SIGNALS = `
  process.on('SIGTERM', () => console.log('not yet'));
  console.log('child ' + require('node:child_process').spawn('sleep', ['1000']).pid);
`;

/** A small real process for the supervisor: healthy as soon as it answers. */
export function fakeService(
  name: string,
  port: number,
  options: { readonly stubborn?: boolean; readonly script?: string } = {},
): ServiceDefinition {
  const url = `http://127.0.0.1:${port}`;
  const script = options.script ?? `${options.stubborn ? IGNORES_SIGNALS : ''}${SERVER}`;
  return {
    name,
    port,
    url,
    prepare: async () => ({
      command: process.execPath,
      args: ['-e', script],
      env: { ...process.env, PORT: `${port}` },
    }),
    isReady: async () => (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok,
  };
}
