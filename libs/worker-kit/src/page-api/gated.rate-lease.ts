import type { WorkerMetrics } from '../health/worker-metrics.js';
import type { ControlStream } from './control.stream.js';
import { RateLease, type RateLeaseSubject } from './rate-lease.js';

/** The leases of one page: a call may start when the account has room and the job runs. */
export class GatedRateLease extends RateLease {
  constructor(
    private readonly leases: RateLease,
    private readonly gate: { readonly jobId: string; readonly control: ControlStream; readonly metrics: WorkerMetrics },
  ) {
    super();
  }

  /**
   * Control is asked last, because waiting for a lease can take longer than a pause. A lease that a pause has made old is
   * given up: many of them, used together after the resume, would exceed the limit.
   */
  override async acquire(request: RateLeaseSubject & { want: number }, signal: AbortSignal): Promise<void> {
    const { jobId, control, metrics } = this.gate;
    do {
      await control.mayStartCall(jobId, signal);
      await this.leases.acquire(request, signal);
    } while (!control.isOpen(jobId));
    metrics.providerCalls.inc({ provider: request.provider }, request.want);
  }

  override async throttled(report: RateLeaseSubject & { retryAfterMs?: number }): Promise<void> {
    await this.leases.throttled(report);
  }
}
