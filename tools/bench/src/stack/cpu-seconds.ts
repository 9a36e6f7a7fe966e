import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/**
 * CPU seconds of a process and all below it, children that ended included, as Linux counts them.
 *
 * @returns 0 where there is no `/proc`.
 */
export function cpuSecondsOf(pid: number): number {
  const below = new Map<number, number[]>();
  const ticks = new Map<number, number>();
  for (const name of processDirectories()) {
    const stat = readStat(Number(name));
    if (!stat) continue;
    ticks.set(Number(name), stat.ticks);
    below.set(stat.parent, [...(below.get(stat.parent) ?? []), Number(name)]);
  }
  const total = (id: number): number =>
    (below.get(id) ?? []).reduce((sum, child) => sum + total(child), ticks.get(id) ?? 0);
  return total(pid) / TICKS_PER_SECOND;
}

function processDirectories(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function readStat(pid: number): { parent: number; ticks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in parentheses and may hold anything.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [utime = 0, stime = 0, ofEndedChildren = 0, sysOfEndedChildren = 0] = fields.slice(11, 15);
    return { parent: fields[1] ?? 0, ticks: utime + stime + ofEndedChildren + sysOfEndedChildren };
  } catch {
    return undefined;
  }
}
