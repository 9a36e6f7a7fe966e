import { setTimeout as delay } from 'node:timers/promises';

/** The sandbox's own time. At rate 60 a minute of it passes in a second: time stamps, latencies and limits follow it. */
export class SandboxClock {
  private rate = 1;
  private startedAt = Date.now();
  private readingAtStart = this.startedAt;

  /** In ms since the epoch, as the sandbox sees it; goes on without a jump when the rate changes. */
  now(): number {
    return this.readingAtStart + (Date.now() - this.startedAt) * this.rate;
  }

  setRate(rate: number): void {
    this.readingAtStart = this.now();
    this.startedAt = Date.now();
    this.rate = rate;
  }

  /** Back to real time. */
  reset(): void {
    this.rate = 1;
    this.startedAt = Date.now();
    this.readingAtStart = this.startedAt;
  }

  /** Waits `ms` of the sandbox's time. */
  async sleep(ms: number): Promise<void> {
    if (ms > 0) await delay(ms / this.rate);
  }
}
