import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { cpuSecondsOf } from './cpu-seconds.js';

const TICKS_PER_SECOND = 100;

/**
 * How much of the machine other programs took while something was measured: on a shared machine a figure without it says
 * little.
 */
export class MachineLoad {
  readonly #startedAt = performance.now();
  readonly #busyBefore = busySeconds();
  readonly #oursBefore = cpuSecondsOf(process.pid);

  /** Share of all cores that neither this process nor what it started has used since then; undefined without `/proc`. */
  foreignShare(): number | undefined {
    if (this.#busyBefore === undefined) return undefined;
    const busy = (busySeconds() ?? 0) - this.#busyBefore;
    const ours = cpuSecondsOf(process.pid) - this.#oursBefore;
    const available = (cpus().length * (performance.now() - this.#startedAt)) / 1_000;
    return Math.max(0, (busy - ours) / available);
  }
}

/** CPU seconds that all programs of this machine have used: user, nice, system, interrupts, and what a hypervisor took. */
function busySeconds(): number | undefined {
  try {
    const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (
      readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
    )
      .split(/\s+/)
      .map(Number);
    return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}
