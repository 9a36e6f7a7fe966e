import type { ProviderErrorCode } from './provider-error.js';

/**
 * One provider as one page sees it. The retry budget runs from the first failure since a success, over all calls of the page
 * in parallel; once it is spent the provider is down for the rest of the page.
 */
export class ProviderHealth {
  private readonly budgetMs: number;
  private failingSince: number | undefined;
  private cause: ProviderErrorCode | undefined;

  constructor(budgetMs: number) {
    this.budgetMs = budgetMs;
  }

  /** Why the provider counts as down, or undefined while it may be asked. */
  get downBecause(): ProviderErrorCode | undefined {
    return this.cause;
  }

  succeeded(): void {
    this.failingSince = undefined;
  }

  /** @param nextTryInMs a try that would start after the budget's end is not worth waiting for. */
  failed(failure: { readonly code: ProviderErrorCode; readonly nowMs: number; readonly nextTryInMs: number }): void {
    this.failingSince ??= failure.nowMs;
    if (failure.nowMs + failure.nextTryInMs >= this.failingSince + this.budgetMs) this.cause = failure.code;
  }
}

/** The health of every provider, for one page. */
export class PageHealth {
  private readonly budgetMs: number;
  private readonly byProvider = new Map<string, ProviderHealth>();

  constructor(budgetMs: number) {
    this.budgetMs = budgetMs;
  }

  of(provider: string): ProviderHealth {
    const health = this.byProvider.get(provider) ?? new ProviderHealth(this.budgetMs);
    this.byProvider.set(provider, health);
    return health;
  }
}
