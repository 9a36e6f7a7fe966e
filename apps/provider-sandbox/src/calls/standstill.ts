const TICK_MS = 10;
/** Less is the unevenness of timers. */
const SHORTEST_MS = 25;
/** Calls that piled up are read within so long. */
const READ_WITHIN_MS = 50;

/**
 * Notices when this process got no time of its machine: then calls pile up before it, and it meets at once those that were sent
 * one by one. All times are real ones, whatever the sandbox's clock says.
 */
export class Standstill {
  #tickedAt = performance.now();
  #last = { endedAt: Number.NEGATIVE_INFINITY, ms: 0 };

  constructor() {
    setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** For how many ms it stood still just before a call that it reads now; 0 when it did not. */
  beforeNow(): number {
    const now = performance.now();
    const { endedAt, ms } = this.#last;
    return Math.max(this.#lateMs(now), now - endedAt < READ_WITHIN_MS ? ms : 0);
  }

  #tick(): void {
    const now = performance.now();
    const ms = this.#lateMs(now);
    if (ms > 0) this.#last = { endedAt: now, ms };
    this.#tickedAt = now;
  }

  #lateMs(now: number): number {
    const ms = Math.round(now - this.#tickedAt - TICK_MS);
    return ms < SHORTEST_MS ? 0 : ms;
  }
}
