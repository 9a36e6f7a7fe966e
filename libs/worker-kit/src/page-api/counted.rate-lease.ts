import type { WorkerMetrics } from '../health/worker-metrics.js';
import { RateLease, type RateLeaseSubject } from './rate-lease.js';

/** Leases whose calls are counted. */
export class CountedRateLease extends RateLease {
  constructor(
    private readonly leases: RateLease,
    private readonly metrics: WorkerMetrics,
  ) {
    super();
  }

  override async acquire(request: RateLeaseSubject & { want: number }, signal: AbortSignal): Promise<void> {
    await this.leases.acquire(request, signal);
    this.metrics.providerCalls.inc({ provider: request.provider }, request.want);
  }

  override async throttled(report: RateLeaseSubject & { retryAfterMs?: number }): Promise<void> {
    await this.leases.throttled(report);
  }
}
