import type { ProviderErrorCode } from './provider-error.js';

/** A call that is tried until it succeeds, as {@link ProviderHealth} sees it. */
export interface TriedCall {
  readonly startedAt: number;
  /** When it first failed. */
  failingSince?: number;
}

/** A failed try. */
export interface FailedTry {
  readonly code: ProviderErrorCode;
  /** Its own wait before the next one. */
  readonly backoffMs: number;
  /** How long the provider asked to wait. */
  readonly retryAfterMs?: number;
}

/**
 * One provider as one page sees it. The retry budget runs from the first failure since a success, over all calls of the page
 * in parallel; once it is spent the provider is down for the rest of the page. A call that spends a budget of its own, and while it
 * was under way others were answered, ends alone.
 */
export class ProviderHealth {
  private readonly budgetMs: number;
  private readonly now: () => number;
  private failingSince: number | undefined;
  private answeredAt: number | undefined;
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

  /** Before the first try of a call; hand the result to {@link failed} after each one that fails. */
  begin(): TriedCall {
    return { startedAt: this.now() };
  }

  succeeded(): void {
    this.failingSince = undefined;
    this.answeredAt = this.now();
  }

  /** @returns how long to wait before the next try, in ms; undefined when one after the budget's end is not worth waiting for. */
  failed(call: TriedCall, { code, backoffMs, retryAfterMs = 0 }: FailedTry): number | undefined {
    const now = this.now();
    this.failingSince ??= now;
    call.failingSince ??= now;
    const nextTryInMs = Math.max(backoffMs, retryAfterMs);
    const since = Math.min(this.failingSince, call.failingSince);
    if (now + nextTryInMs < since + this.budgetMs) return nextTryInMs;
    const answersOthers = this.answeredAt !== undefined && this.answeredAt > call.startedAt;
    // What a rate limit asks for, it asks of all calls.
    if (!answersOthers || retryAfterMs >= this.budgetMs) this.cause = code;
    return undefined;
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
