import { readStack, type ServiceStatus, waitUntil } from '@uno/local-stack';
import { stackHome } from './stack-home.js';

const RESTARTED_WITHIN_MS = 60_000;

/** One process of the stack as `uno stack` shows it. */
export function processOf(name: string): ServiceStatus & { readonly pid: number } {
  const found = readStack(stackHome())?.find((status) => status.name === name);
  if (!found || found.pid === null) throw new Error(`The stack has no running process ${name}`);
  return { ...found, pid: found.pid };
}

/** Sends a signal to one process of the stack. */
export function signal(name: string, what: NodeJS.Signals): void {
  process.kill(processOf(name).pid, what);
}

/** Kills a process as a crash would. @returns what it was before */
export function kill(name: string): ServiceStatus & { readonly pid: number } {
  const before = processOf(name);
  process.kill(before.pid, 'SIGKILL');
  return before;
}

/** Waits until the supervisor has replaced the process, and it can do its work. */
export function restarted(before: ServiceStatus & { readonly pid: number }): Promise<ServiceStatus> {
  return waitUntil(
    () => {
      const now = processOf(before.name);
      return now.pid !== before.pid && now.restarts > before.restarts && now.healthy && now;
    },
    { timeoutMs: RESTARTED_WITHIN_MS, what: `${before.name} to be started again` },
  );
}

/** Waits until every process is healthy, so that one test file does not begin in the ruins of another. */
export async function everythingHealthy(): Promise<void> {
  await waitUntil(() => readStack(stackHome())?.every(({ healthy }) => healthy) === true, {
    timeoutMs: RESTARTED_WITHIN_MS,
    what: 'all processes to be healthy',
  });
}
