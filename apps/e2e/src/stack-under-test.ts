import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  acquireTemporalServer,
  freePortBase,
  readStack,
  type RunningProcess,
  startChild,
  waitUntil,
} from '@uno/local-stack';
import { E2E_HOME, E2E_NO_TEMPORAL_SERVER, E2E_PAGE_ADDRESS, REPOSITORY, STACK_SETTINGS } from './stack-home.js';

const START = join(REPOSITORY, 'tools', 'local-stack', 'bin', 'start.js');
/** So many ports from the first one are looked at; a worker may stand anywhere among them. */
const PORTS = 20;
/** The first start of a machine may have to build the Temporal CLI. */
const UP_WITHIN_MS = 540_000;
const STOPPED_WITHIN_MS = 15_000;
/** What a developer's shell may export and would lead the stack under test elsewhere. */
const NOT_INHERITED = [
  ...['DATABASE_URL', 'DATABASE_ADMIN_URL', 'BILLING_DATABASE_URL', 'BILLING_DATABASE_ADMIN_URL', 'BILLING_URL'],
  ...['BILLING_KEY', 'TEMPORAL_ADDRESS', 'npm_lifecycle_event'],
  ...['LUSHA', 'PDL', 'OPENAI', 'HUBSPOT'].flatMap((provider) => [`${provider}_URL`, `${provider}_API_KEY`]),
];

/** A stack of its own, in a folder and on ports of its own. */
export interface RunningStack {
  readonly process: RunningProcess;
  /** Its `UNO_HOME`. */
  readonly home: string;
  /** The address of the page as it was printed; undefined when the stack did not come up. */
  readonly pageAddress: string | undefined;
}

let shared: RunningStack | undefined;

/**
 * Starts the one real stack that all test files share, and gets the Temporal server that one of them needs: the first time
 * on a machine it is built, which is no test's time.
 *
 * @throws with the last lines of the stack when it does not come up.
 */
export async function startStack(): Promise<void> {
  await acquireTemporalServer().catch((error: Error) => {
    process.env[E2E_NO_TEMPORAL_SERVER] = error.message;
  });
  shared = await launchStack(STACK_SETTINGS);
  process.env[E2E_HOME] = shared.home;
  if (!shared.pageAddress) {
    await shared.process.stop(STOPPED_WITHIN_MS);
    throw new Error(`The stack did not come up:\n${shared.process.output()}`);
  }
  process.env[E2E_PAGE_ADDRESS] = shared.pageAddress;
}

/** Ends the shared stack. */
export async function stopStack(): Promise<void> {
  if (shared?.process.isRunning()) await endStack(shared);
}

/**
 * Starts a stack as a person would with `npm start`, and resolves when it is up or has ended.
 *
 * @param settings variables that are set for it; nothing of a developer's shell leads it elsewhere.
 */
export async function launchStack(
  settings: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<RunningStack> {
  const home = await mkdtemp(join(tmpdir(), 'uno-e2e-'));
  const foreign = Object.fromEntries(NOT_INHERITED.map((name) => [name, undefined]));
  const own = { UNO_HOME: home, UNO_PORT_BASE: `${await freePortBase(PORTS)}`, NO_COLOR: '1' };
  const stack = await startChild({
    command: process.execPath,
    args: [START, '--no-build', ...args],
    env: { ...process.env, ...foreign, ...settings, ...own },
    cwd: REPOSITORY,
  });
  const printed = /http:\/\/\S+\/#key=\S+/;
  await waitUntil(() => printed.test(stack.output()) || !stack.isRunning(), {
    timeoutMs: UP_WITHIN_MS,
    what: 'the stack to print the address of the page',
  }).catch(() => undefined);
  return { process: stack, home, pageAddress: printed.exec(stack.output())?.[0] };
}

/**
 * Ends a stack as Ctrl-C does and makes sure that nothing of it is left. `UNO_E2E_KEEP` keeps its folder with the logs.
 *
 * @throws when it does not end cleanly within 15 s, or a process outlives it.
 */
export async function endStack({ process: stack, home }: RunningStack): Promise<void> {
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
