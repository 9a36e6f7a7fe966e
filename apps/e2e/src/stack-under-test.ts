import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireTemporalServer, freePortBase, type LaunchedStack, launchStack, readStack } from '@uno/local-stack';
import { E2E_HOME, E2E_NO_TEMPORAL_SERVER, E2E_PAGE_ADDRESS, REPOSITORY, STACK_SETTINGS } from './stack-home.js';

/** So many ports from the first one are looked at; a worker may stand anywhere among them. */
const PORTS = 20;
const STOPPED_WITHIN_MS = 15_000;
/** A stack of its own, in a folder and on ports of its own. */
export interface RunningStack extends LaunchedStack {
  /** Its `UNO_HOME`. */
  readonly home: string;
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
  shared = await startOwnStack(STACK_SETTINGS);
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
 * Starts a stack that is thrown away by {@link endStack}, and resolves when it is up or has ended.
 *
 * @param settings variables that are set for it.
 */
export async function startOwnStack(
  settings: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<RunningStack> {
  const home = await mkdtemp(join(tmpdir(), 'uno-e2e-'));
  const portBase = await freePortBase(PORTS);
  return { home, ...(await launchStack({ repository: REPOSITORY, home, portBase, settings, args })) };
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
