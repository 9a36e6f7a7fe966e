import { setTimeout as delay } from 'node:timers/promises';

/** Time and chance, so that retries can be tested without waiting. */
export interface Clock {
  /** Monotonic, in ms. */
  now(): number;
  /** @throws the reason of `signal`, at once, when it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    signal.throwIfAborted();
    await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  },
  random: () => Math.random(),
};
