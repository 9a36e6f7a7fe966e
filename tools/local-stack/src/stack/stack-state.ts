import { rmSync } from 'node:fs';
import { killGroup } from '../process/running-process.js';
import { identify, isAlive, type ProcessIdentity } from '../process/process-identity.js';
import type { ServiceStatus } from '../supervisor/service-definition.js';
import { waitUntil } from '../wait-until.js';
import { homeDirectory, stackHome } from './home.js';
import { readJson, writeJson } from './json-file.js';

const LEFTOVER_GRACE_MS = 8_000;

interface RecordedProcess extends ServiceStatus {
  /** What tells this process from a later one with the same id. */
  readonly startedAt?: string;
}

interface StackState {
  readonly supervisor: ProcessIdentity;
  readonly processes: readonly RecordedProcess[];
}

/** Writes down who runs now. */
export function recordState(path: string, statuses: readonly ServiceStatus[]): void {
  const supervisor = identify(process.pid);
  const processes = statuses.map((status): RecordedProcess => {
    const identity = status.pid === null ? undefined : identify(status.pid);
    return identity ? { ...status, startedAt: identity.startedAt } : status;
  });
  writeJson(path, { supervisor, processes });
}

/** Forgets the processes, after they have ended. */
export function forgetState(path: string): void {
  rmSync(path, { force: true });
}

/**
 * The processes of the running local stack, or undefined when none runs.
 *
 * @param directory its home (default: `UNO_HOME`, else `.uno` in the checkout).
 */
export function readStack(directory: string = homeDirectory()): ServiceStatus[] | undefined {
  const state = readJson(stackHome(directory).state) as StackState | undefined;
  if (!state || !isAlive(state.supervisor)) return undefined;
  return state.processes.map(({ startedAt: _, ...status }) => {
    const alive = status.pid !== null && identify(status.pid) !== undefined;
    return { ...status, pid: alive ? status.pid : null, healthy: status.healthy && alive };
  });
}

/**
 * Ends the processes of a supervisor that was killed before it could do so itself: only those it wrote down, and only
 * after a look whether they are still the same.
 *
 * @returns the names of the processes that were ended.
 */
export async function endLeftovers(path: string): Promise<string[]> {
  const state = readJson(path) as StackState | undefined;
  if (!state || isAlive(state.supervisor)) return [];
  const leftovers = state.processes.flatMap(({ name, pid, startedAt }) =>
    pid !== null && startedAt && isAlive({ pid, startedAt }) ? [{ name, pid, startedAt }] : [],
  );
  for (const leftover of leftovers) ask(leftover);
  await Promise.all(
    leftovers.map((leftover) =>
      waitUntil(() => !isAlive(leftover), { timeoutMs: LEFTOVER_GRACE_MS }).catch(() => killGroup(leftover.pid)),
    ),
  );
  for (const leftover of leftovers) await waitUntil(() => !isAlive(leftover), { what: `${leftover.name} to end` });
  forgetState(path);
  return leftovers.map(({ name }) => name);
}

/** Postgres ends its sessions on SIGINT and would wait for them on SIGTERM; the others drain on both. */
function ask({ pid }: ProcessIdentity): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
