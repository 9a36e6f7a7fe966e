/** One account at one provider, with the limit its team configured, in calls per second. */
export interface RateLeaseSubject {
  readonly provider: string;
  /** Names the account without being its secret, for example a hash of it. */
  readonly key: string;
  readonly requestsPerSecond: number;
}

/**
 * Permission to call a provider, shared by all replicas: no lease, no call. The leases that a page gets also wait while the
 * job is paused, so that nothing that can cost starts then.
 */
export abstract class RateLease {
  /**
   * Waits until `want` calls may start now.
   *
   * @throws the reason of `signal` when it is aborted while waiting.
   */
  abstract acquire(request: RateLeaseSubject & { readonly want: number }, signal: AbortSignal): Promise<void>;

  /** Tells all replicas that the provider answered 429. Never throws: a lost report only costs another 429. */
  abstract throttled(report: RateLeaseSubject & { readonly retryAfterMs?: number }): Promise<void>;
}
