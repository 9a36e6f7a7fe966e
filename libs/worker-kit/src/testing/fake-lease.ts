import { RateLease } from '../page-api/rate-lease.js';

/** Grants at once, and remembers. */
export class FakeLease extends RateLease {
  readonly acquired: string[] = [];
  readonly reports: { provider: string; retryAfterMs?: number }[] = [];

  override async acquire({ provider }: { provider: string }, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.acquired.push(provider);
    await Promise.resolve();
  }

  override async throttled({ provider, retryAfterMs }: { provider: string; retryAfterMs?: number }): Promise<void> {
    this.reports.push({ provider, ...(retryAfterMs !== undefined && { retryAfterMs }) });
    await Promise.resolve();
  }
}
