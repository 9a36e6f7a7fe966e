import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freePortBase, readStack, type RunningProcess, startChild, waitUntil } from '../src/index.js';
import { tryFileLock } from '../src/process/file-lock.js';
import { identify } from '../src/process/process-identity.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const BIN = fileURLToPath(new URL('../bin', import.meta.url));
const START = join(BIN, 'start.js');
const PORTS = 12;
const NOT_INHERITED = ['DATABASE_URL', 'BILLING_DATABASE_URL', 'TEMPORAL_ADDRESS', 'npm_lifecycle_event'];

describe('npm start', () => {
  let home: string;
  let base: number;
  let command: RunningProcess | undefined;

  beforeEach(async () => {
    home = await temporaryDirectory();
    base = await freePortBase(PORTS);
  });
  afterEach(() => command?.stop());

  /** Built applications are not needed: the servers come first, and the tests end the stack when these are up. */
  async function start(extra: NodeJS.ProcessEnv = {}): Promise<RunningProcess> {
    const foreign = Object.fromEntries(NOT_INHERITED.map((name) => [name, undefined]));
    const env = { ...process.env, ...foreign, UNO_HOME: home, UNO_PORT_BASE: `${base}`, ...extra };
    command = await startChild({ command: process.execPath, args: [START, '--no-build'], env });
    return command;
  }

  async function serversUp(stack: RunningProcess): Promise<number[]> {
    await waitUntil(() => stack.output().includes('servers are up') || !stack.isRunning(), { timeoutMs: 50_000 });
    expect(stack.output()).toContain('servers are up');
    return waitUntil(() => readStack(home)?.flatMap(({ pid }) => pid ?? []));
  }

  test('is ended by Ctrl-C, and nothing that it started stays alive', async () => {
    const stack = await start();
    const pids = await serversUp(stack);
    expect(pids.length).toBeGreaterThanOrEqual(2);
    stack.signal('SIGINT');
    stack.signal('SIGINT');
    expect({ ...(await stack.exited), output: stack.output() }).toMatchObject({ code: 0, signal: null });
    expect(pids.map((pid) => identify(pid))).toEqual(pids.map(() => undefined));
    expect(readStack(home)).toBeUndefined();
  });

  test('keeps its state to its owner, also where an earlier version did not', async () => {
    await chmod(home, 0o755);
    const stack = await start();
    await serversUp(stack);
    const open: string[] = [];
    for (const name of await readdir(home, { recursive: true })) {
      // Postgres keeps what is its own, and may belong to another account.
      if (name.startsWith('postgres')) continue;
      const { mode } = await stat(join(home, name)).catch(() => ({ mode: 0 }));
      if ((mode & 0o077) !== 0) open.push(name);
    }
    expect({ home: (await stat(home)).mode & 0o777, open }).toEqual({ home: 0o700, open: [] });
    expect(await readdir(home)).toEqual(expect.arrayContaining(['logs', 'temporal.db']));
    stack.signal('SIGTERM');
    await stack.exited;
  });

  test('does not close a directory that everybody shares', async () => {
    await chmod(home, 0o1777);
    const stack = await start();
    expect((await stack.exited).code).toBe(1);
    expect(stack.output()).toContain("let UNO_HOME name a directory of the stack's own");
    expect((await stat(home)).mode & 0o1777).toBe(0o1777);
  });

  test('comes up again on its own data after it was killed in the middle', async () => {
    const killed = await start();
    await serversUp(killed);
    killed.signal('SIGKILL');
    await killed.exited;
    const next = await start();
    await serversUp(next);
    expect(readStack(home)?.map(({ name }) => name)).toEqual(expect.arrayContaining(['postgres', 'temporal']));
    next.signal('SIGTERM');
    expect(await next.exited).toEqual({ code: 0, signal: null });
  });

  test('refuses to run beside itself and names the process that runs', async () => {
    const lock = await tryFileLock(join(home, 'stack.lock'));
    const second = await start();
    expect((await second.exited).code).toBe(1);
    expect(second.output()).toContain(`already running as process ${process.pid}`);
    if (lock.held) await lock.release();
  });

  test('names a taken port, and keeps its secrets to its owner', async () => {
    const other: Server = createServer().listen(base + 4, '127.0.0.1');
    await once(other, 'listening');
    const stack = await start();
    expect((await stack.exited).code).toBe(1);
    expect(stack.output()).toContain(`This port is taken by another program: ${base + 4} (postgres)`);
    expect((await stat(join(home, 'secrets.json'))).mode & 0o777).toBe(0o600);
    other.close();
  });

  test('says what to do when the Temporal CLI cannot be used', async () => {
    const stack = await start({ TEMPORAL_CLI_PATH: join(home, 'missing') });
    expect((await stack.exited).code).toBe(1);
    expect(stack.output()).toContain('TEMPORAL_CLI_PATH is set, but cannot be used');
    expect(stack.output()).not.toContain('    at ');
  });
});

describe.each([
  ['start.js', '--ephemral', '--ephemeral, --no-build, --help'],
  ['start.js', 'ephemeral', '--ephemeral, --no-build, --help'],
  ['prepare-servers.js', '--bogus', '--no-build, --help'],
])('%s %s', (program, argument, known) => {
  test('is refused before anything is built or started, with the options that there are', async () => {
    const home = join(await temporaryDirectory(), 'home');
    const env = { ...process.env, UNO_HOME: home };
    const command = await startChild({ command: process.execPath, args: [join(BIN, program), argument], env });
    expect((await command.exited).code).toBe(2);
    expect(command.output()).toContain(`'${argument}'. It knows ${known}.`);
    expect(command.output()).not.toContain('Building');
    await expect(stat(home)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
