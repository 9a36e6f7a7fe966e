import type { RateLease } from '../page-api/rate-lease.js';
import type { ProviderAccount } from '../provider/provider-account.js';
import { ProviderCaller, type CallOutcome, type ProviderRequest } from '../provider/provider-caller.js';
import { PageHealth } from '../provider/provider-health.js';

/**
 * Makes one call of a page succeed if it can: a lease before every try, backoff between tries, one retry budget per provider
 * for all calls of the page.
 *
 * @returns the answer, that the provider is down for the rest of the page, or that this call got none that is of use.
 * @throws ProviderError of kind `row` when the provider refuses what was asked; PageFailed when it refuses the account; the
 * reason of the page's signal.
 */
export type PageCall = <Reply>(
  provider: ProviderAccount,
  request: ProviderRequest<Reply>,
) => Promise<CallOutcome<Reply>>;

export interface PageCallsOptions {
  readonly leases: RateLease;
  readonly signal: AbortSignal;
  readonly retryBudgetSeconds: number;
  /** The time by which the budgets are counted, in ms. */
  readonly runningMs: () => number;
}

/** The calls of one page: made once per page, so that they share the retry budgets. */
export function pageCalls({ leases, signal, retryBudgetSeconds, runningMs }: PageCallsOptions): PageCall {
  const caller = new ProviderCaller(leases);
  const health = new PageHealth(retryBudgetSeconds * 1_000, runningMs);
  return (provider, request) => caller.call(provider, request, { health: health.of(provider.name), signal });
}
