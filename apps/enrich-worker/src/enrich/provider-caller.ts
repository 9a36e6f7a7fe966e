import type { Clock } from './clock.js';
import type { EnrichProvider, ItemResult, LookUpRequest } from './enrich-provider.js';
import { ProviderError } from './provider-error.js';
import type { ProviderErrorCode } from './provider-error.js';
import type { ProviderHealth } from './provider-health.js';
import type { RateLease } from '@uno/worker-kit';

const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 10_000;

export type CallOutcome =
  | { readonly answered: true; readonly results: readonly ItemResult[]; readonly ms: number }
  | { readonly answered: false; readonly code: ProviderErrorCode; readonly ms: number };

/** Makes one call succeed if it can: a lease before every try, backoff between tries, until the page's retry budget is spent. */
export class ProviderCaller {
  private readonly leases: RateLease;
  private readonly clock: Clock;

  constructor(leases: RateLease, clock: Clock) {
    this.leases = leases;
    this.clock = clock;
  }

  /**
   * @returns the answers, or that the provider is down for the rest of the page.
   * @throws ProviderError of kind `row` or `page`, untried again; the reason of `signal` when aborted.
   */
  async call(
    provider: EnrichProvider,
    request: LookUpRequest,
    page: { readonly health: ProviderHealth; readonly signal: AbortSignal },
  ): Promise<CallOutcome> {
    const subject = {
      provider: provider.name,
      key: provider.account,
      requestsPerSecond: provider.requestsPerSecond,
    };
    const { health, signal } = page;
    const firstTryAt = this.clock.now();
    for (let attempt = 0; ; attempt++) {
      if (health.downBecause === undefined) await this.leases.acquire({ ...subject, want: 1 }, signal);
      signal.throwIfAborted();
      // Another call of the page may have found the provider down while this one waited for its lease.
      if (health.downBecause !== undefined) {
        return { answered: false, code: health.downBecause, ms: this.since(firstTryAt) };
      }
      const startedAt = this.clock.now();
      try {
        const results = await provider.lookUp(request, signal);
        health.succeeded();
        return { answered: true, results, ms: this.since(startedAt) };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        if (error.kind === 'row') health.succeeded();
        if (error.kind !== 'retry') throw error;
        const { retryAfterMs } = error;
        if (error.code === 'rate_limited') {
          await this.leases.throttled({ ...subject, ...(retryAfterMs !== undefined && { retryAfterMs }) });
        }
        const nextTryInMs = Math.max(this.backoffMs(attempt), retryAfterMs ?? 0);
        health.failed({ code: error.code, nowMs: this.clock.now(), nextTryInMs });
        if (health.downBecause === undefined) await this.clock.sleep(nextTryInMs, signal);
      }
    }
  }

  /** Between half and all of the exponential step, so that the calls of a page do not come back together. */
  private backoffMs(attempt: number): number {
    const step = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
    return step * (0.5 + this.clock.random() / 2);
  }

  private since(startedAt: number): number {
    return Math.round(this.clock.now() - startedAt);
  }
}
