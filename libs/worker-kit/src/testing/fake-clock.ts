import type { Clock } from '../provider/clock.js';

/** Time that passes only while somebody sleeps. */
export class FakeClock implements Clock {
  readonly slept: number[] = [];
  private time = 1_000;

  now(): number {
    return this.time;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.slept.push(ms);
    this.time += ms;
    await Promise.resolve();
  }

  random(): number {
    return 1;
  }
}
