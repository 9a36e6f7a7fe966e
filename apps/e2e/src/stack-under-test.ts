import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPortFree, readStack, type RunningProcess, startChild, waitUntil } from '@uno/local-stack';
import { E2E_HOME, E2E_PAGE_ADDRESS, REPOSITORY, STACK_SETTINGS } from './stack-home.js';

const START = join(REPOSITORY, 'tools', 'local-stack', 'bin', 'start.js');
const PORTS = 12;
/** The first start of a machine may have to build the Temporal CLI. */
const UP_WITHIN_MS = 540_000;
const STOPPED_WITHIN_MS = 15_000;
/** What a developer's shell may export and would lead the stack under test elsewhere. */
const NOT_INHERITED = [
  ...['DATABASE_URL', 'DATABASE_ADMIN_URL', 'BILLING_DATABASE_URL', 'BILLING_DATABASE_ADMIN_URL', 'BILLING_URL'],
  ...['TEMPORAL_ADDRESS', 'LUSHA_URL', 'LUSHA_API_KEY', 'PDL_URL', 'PDL_API_KEY', 'npm_lifecycle_event'],
];

let command: RunningProcess | undefined;

/**
 * Starts one real stack for all test files, as a person would with `npm start`, in a folder and on ports of its own.
 *
 * @throws with the last lines of the stack when it does not come up.
 */
export async function startStack(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'uno-e2e-'));
  process.env[E2E_HOME] = home;
  const foreign = Object.fromEntries(NOT_INHERITED.map((name) => [name, undefined]));
  const base = `${await freePortBase()}`;
  const env = { ...process.env, ...foreign, ...STACK_SETTINGS, UNO_HOME: home, UNO_PORT_BASE: base, NO_COLOR: '1' };
  const stack = await startChild({ command: process.execPath, args: [START, '--no-build'], env, cwd: REPOSITORY });
  command = stack;
  const printed = /http:\/\/\S+\/#key=\S+/;
  await waitUntil(() => printed.test(stack.output()) || !stack.isRunning(), {
    timeoutMs: UP_WITHIN_MS,
    what: 'the stack to print the address of the page',
  }).catch(() => undefined);
  const address = printed.exec(stack.output())?.[0];
  if (!address) {
    await stack.stop(STOPPED_WITHIN_MS);
    throw new Error(`The stack did not come up:\n${stack.output()}`);
  }
  process.env[E2E_PAGE_ADDRESS] = address;
}

/**
 * Ends the stack as Ctrl-C does and makes sure that nothing of it is left. `UNO_E2E_KEEP` keeps its folder with the logs.
 *
 * @throws when it does not end cleanly within 15 s, or a process outlives it.
 */
export async function stopStack(): Promise<void> {
  const stack = command;
  const home = process.env[E2E_HOME];
  if (!stack || !home) return;
  const pids = readStack(home)?.flatMap(({ pid }) => pid ?? []) ?? [];
  const exit = await stack.stop(STOPPED_WITHIN_MS);
  const left = pids.filter(isAlive);
  if (exit.code !== 0 || pids.length === 0 || left.length > 0) {
    throw new Error(
      `The stack did not end cleanly (exit ${JSON.stringify(exit)}, processes ${pids.join(' ')}, left ${left.join(' ')}):\n` +
        stack.output().slice(-3_000),
    );
  }
  if (!process.env['UNO_E2E_KEEP']) await rm(home, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  // A process that ended and that nobody has asked about yet is gone for our purposes.
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}

/** Below the range from which outgoing connections get their ports: one of these must not keep a process from restarting. */
function freePortBase(): Promise<number> {
  return waitUntil(
    async () => {
      const base = 10_000 + Math.floor(Math.random() * 20_000);
      const free = await Promise.all(Array.from({ length: PORTS }, (_, offset) => isPortFree(base + offset)));
      return free.every(Boolean) && base;
    },
    { what: `${PORTS} free ports in a row`, intervalMs: 0 },
  );
}
