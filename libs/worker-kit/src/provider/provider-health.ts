import type { ProviderErrorCode } from './provider-error.js';

/**
 * One provider as one page sees it. The retry budget runs from the first failure since a success, over all calls of the page
 * in parallel; once it is spent the provider is down for the rest of the page.
 */
export class ProviderHealth {
  private readonly budgetMs: number;
  private readonly now: () => number;
  private failingSince: number | undefined;
  private cause: ProviderErrorCode | undefined;

  /** @param now in ms; a clock that stands still while the job does, so that a pause costs nothing of the budget. */
  constructor(budgetMs: number, now: () => number) {
    this.budgetMs = budgetMs;
    this.now = now;
  }

  /** Why the provider counts as down, or undefined while it may be asked. */
  get downBecause(): ProviderErrorCode | undefined {
    return this.cause;
  }

  succeeded(): void {
    this.failingSince = undefined;
  }

  /** @param nextTryInMs a try that would start after the budget's end is not worth waiting for. */
  failed(code: ProviderErrorCode, nextTryInMs: number): void {
    const now = this.now();
    this.failingSince ??= now;
    if (now + nextTryInMs >= this.failingSince + this.budgetMs) this.cause = code;
  }
}

/** The health of every provider, for one page. */
export class PageHealth {
  private readonly budgetMs: number;
  private readonly now: () => number;
  private readonly byProvider = new Map<string, ProviderHealth>();

  constructor(budgetMs: number, now: () => number) {
    this.budgetMs = budgetMs;
    this.now = now;
  }

  of(provider: string): ProviderHealth {
    const health = this.byProvider.get(provider) ?? new ProviderHealth(this.budgetMs, this.now);
    this.byProvider.set(provider, health);
    return health;
  }
}
