import { setTimeout as sleep } from 'node:timers/promises';

/** Never more between two starts, however long calls take. */
const LONGEST_GAP_MS = 1;
/** What a new duration counts for in the usual one. */
const SHARE_OF_NEWEST = 0.1;

interface SpreadClock {
  /** In ms. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
}

const REAL_CLOCK: SpreadClock = { now: () => performance.now(), wait: (ms) => sleep(ms) };

/**
 * Keeps the calls of a process apart. Calls that take the same time and began together end together, begin together again, and
 * each then waits for all the others to be sent and read. So starts keep half the distance that they would have if they were
 * spread evenly; where calls come as they may, nobody waits.
 */
export class CallSpread {
  readonly #clock: SpreadClock;
  #busy = 0;
  #usualMs = 0;
  #nextAt = 0;

  constructor(clock: SpreadClock = REAL_CLOCK) {
    this.#clock = clock;
  }

  /** Runs a call when it is its turn. */
  async run(call: () => Promise<void>): Promise<void> {
    this.#busy += 1;
    try {
      const gapMs = Math.min(this.#usualMs / this.#busy / 2, LONGEST_GAP_MS);
      const askedAt = this.#clock.now();
      const startAt = Math.max(askedAt, this.#nextAt);
      this.#nextAt = startAt + gapMs;
      // Timers are no finer than that.
      if (startAt - askedAt >= 1) await this.#clock.wait(startAt - askedAt);
      const startedAt = this.#clock.now();
      await call();
      const tookMs = this.#clock.now() - startedAt;
      this.#usualMs += (this.#usualMs === 0 ? 1 : SHARE_OF_NEWEST) * (tookMs - this.#usualMs);
    } finally {
      this.#busy -= 1;
    }
  }
}
