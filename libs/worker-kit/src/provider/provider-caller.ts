import { PageFailed } from '../page/page-failed.js';
import type { RateLease } from '../page-api/rate-lease.js';
import type { Clock } from './clock.js';
import { systemClock } from './clock.js';
import type { NamedProvider, ProviderAccount } from './provider-account.js';
import { providerCauses } from './provider-causes.js';
import { ProviderError, type ProviderErrorCode } from './provider-error.js';
import type { ProviderHealth, TriedCall } from './provider-health.js';

const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 10_000;
/** Each useless answer may have been charged, so the same question is not asked more often, whatever is left of the budget. */
export const MAX_ANSWERS = 3;

export type CallOutcome<Reply> =
  | { readonly answered: true; readonly reply: Reply; readonly ms: number }
  | {
      readonly answered: false;
      readonly code: ProviderErrorCode;
      /** True when the provider is down for the rest of the page; false when it answers other calls, or uselessly. */
      readonly down: boolean;
      readonly ms: number;
    };

/** Asks a provider once, and reads its reply; fails with a {@link ProviderError}. Hand the signal to the call. */
export type ProviderRequest<Reply> = (signal: AbortSignal) => Promise<Reply>;

/** Makes one call succeed if it can: a lease before every try, backoff between tries, until the retry budget is spent. */
export class ProviderCaller {
  private readonly leases: RateLease;
  private readonly clock: Clock;

  constructor(leases: RateLease, clock: Clock = systemClock) {
    this.leases = leases;
    this.clock = clock;
  }

  /**
   * @returns the answer, that the provider is down for the rest of the page, or that this call got none that is of use.
   * @throws ProviderError of kind `row`, untried again; PageFailed when no further call can succeed (the account is refused);
   * the reason of `signal` when aborted.
   */
  async call<Reply>(
    provider: ProviderAccount,
    request: ProviderRequest<Reply>,
    page: { readonly health: ProviderHealth; readonly signal: AbortSignal },
  ): Promise<CallOutcome<Reply>> {
    const subject = {
      provider: provider.name,
      key: provider.account,
      requestsPerSecond: provider.requestsPerSecond,
    };
    const { health, signal } = page;
    const firstTryAt = this.clock.now();
    let tried: TriedCall | undefined;
    let useless = 0;
    for (let attempt = 0; ; attempt++) {
      if (health.downBecause === undefined) await this.leases.acquire({ ...subject, want: 1 }, signal);
      signal.throwIfAborted();
      // Another call of the page may have found the provider down while this one waited for its lease.
      if (health.downBecause !== undefined) {
        return { answered: false, down: true, code: health.downBecause, ms: this.since(firstTryAt) };
      }
      tried ??= health.begin();
      const startedAt = this.clock.now();
      try {
        const reply = await request(signal);
        health.succeeded();
        return { answered: true, reply, ms: this.since(startedAt) };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const { kind, code, retryAfterMs } = error;
        if (kind === 'row') health.succeeded();
        if (kind === 'row') throw error;
        if (kind === 'page') throw pageFailedAt(provider, code);
        if (code === 'provider_rate_limited') {
          await this.leases.throttled({ ...subject, ...(retryAfterMs !== undefined && { retryAfterMs }) });
        }
        const asked = retryAfterMs !== undefined && { retryAfterMs };
        const waitMs = health.failed(tried, { code, backoffMs: this.backoffMs(attempt), ...asked });
        if (kind === 'answer') useless += 1;
        const isSpent = waitMs === undefined && health.downBecause === undefined;
        if (isSpent || useless >= MAX_ANSWERS) {
          return { answered: false, down: false, code, ms: this.since(firstTryAt) };
        }
        if (waitMs !== undefined && health.downBecause === undefined) await this.clock.sleep(waitMs, signal);
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

/** The page cannot go on because of this provider, in the kit's words. */
export function pageFailedAt(provider: NamedProvider, code: ProviderErrorCode): PageFailed {
  return new PageFailed({ provider: provider.name, ...providerCauses.reasonFor(provider, code) });
}
