import { execFileSync } from 'node:child_process';

/** The processes that a process started itself; for Postgres' postmaster these are all of its backends. */
export function childrenOf(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));
}

/** @returns whether the process was there to get the signal. */
export function signal(pid: number, what: NodeJS.Signals): boolean {
  try {
    process.kill(pid, what);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
