import { describe, expect, test } from '@jest/globals';
import { freePort, startProcess, waitUntil } from '../src/index.js';

const node = process.execPath;
const SERVER = `
  const server = require('node:http').createServer((_, response) => response.end('ok'));
  server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
`;

describe('startProcess', () => {
  test('resolves when the address answers, and kill ends the process', async () => {
    const port = await freePort();
    const readyUrl = `http://127.0.0.1:${port}/`;
    const server = await startProcess({ command: node, args: ['-e', SERVER], env: { PORT: `${port}` }, readyUrl });
    expect(await (await fetch(readyUrl)).text()).toBe('ok');
    expect(await server.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    await expect(fetch(readyUrl)).rejects.toThrow();
  });

  test('resolves when the line was written, and collects both streams', async () => {
    const script = `console.error('warming up'); setTimeout(() => console.log('ready on 7'), 50); setInterval(() => {}, 1000)`;
    const started = await startProcess({ command: node, args: ['-e', script], readyLine: /^ready on \d/ });
    expect(started.output()).toContain('warming up');
    await started.kill();
  });

  test('says what the process wrote when it ends before it is ready', async () => {
    const args = ['-e', `console.error('PORT is missing'); process.exit(3)`];
    await expect(startProcess({ command: node, args, readyLine: 'never' })).rejects.toThrow('PORT is missing');
  });

  test('names a program that does not exist', async () => {
    await expect(startProcess({ command: 'no-such-program' })).rejects.toThrow('Cannot start no-such-program');
  });
});

describe('waitUntil', () => {
  test('gives the first truthy value, and counts an error as not yet', async () => {
    let tries = 0;
    const value = await waitUntil(() => {
      tries += 1;
      if (tries < 3) throw new Error('not yet');
      return 'now';
    });
    expect([value, tries]).toEqual(['now', 3]);
  });

  test('says what it waited for and the last error', async () => {
    const never = (): never => {
      throw new Error('still down');
    };
    await expect(waitUntil(never, { timeoutMs: 20, intervalMs: 5, what: 'the server' })).rejects.toThrow(
      'Waited 20 ms for the server: still down',
    );
  });
});
