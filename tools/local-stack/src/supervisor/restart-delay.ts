const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** Whoever was healthy for so long does not crash because of how it was started. */
const HEALTHY_FOR_MS = 5_000;

/** How long to wait before a process is started again: 250 ms, doubled with each crash up to 10 s. */
export class RestartDelay {
  private nextMs = FIRST_MS;

  /**
   * @param healthyMs how long the process that crashed had been healthy; after 5 s the delays begin anew.
   * @returns milliseconds to wait.
   */
  next(healthyMs: number): number {
    if (healthyMs >= HEALTHY_FOR_MS) this.nextMs = FIRST_MS;
    const delay = this.nextMs;
    this.nextMs = Math.min(delay * 2, LONGEST_MS);
    return delay;
  }
}
