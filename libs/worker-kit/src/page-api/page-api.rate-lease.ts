import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { PageApiClient } from './page-api.client.js';
import { RateLease, type RateLeaseSubject } from './rate-lease.js';

interface Waiter {
  missing: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** The calls that wait for one account. */
interface Queue {
  readonly subject: RateLeaseSubject;
  readonly waiters: Set<Waiter>;
  /** Aborted when nobody waits any more. */
  readonly abandoned: AbortController;
}

const MAX_WANT = 1_000;
const SHORTEST_WAIT_MS = 5;
const DEFAULT_THROTTLE_MS = 1_000;
const LONGEST_THROTTLE_MS = 3_600_000;
const THROTTLE_REPORT_TIMEOUT_MS = 2_000;

/**
 * Leases from the orchestrator's token bucket. Calls that wait for the same account share one request; it asks for exactly
 * what they want, because a lease that is kept for later would come on top of what the bucket holds by then.
 */
@Injectable()
export class PageApiRateLease extends RateLease {
  readonly #queues = new Map<string, Queue>();

  constructor(private readonly client: PageApiClient) {
    super();
  }

  override async acquire(
    { want, ...subject }: RateLeaseSubject & { want: number },
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const queue = this.#queueOf(subject);
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        queue.waiters.delete(waiter);
        if (queue.waiters.size === 0) this.#abandon(queue);
        reject(signal.reason as Error);
      };
      const settled =
        (settle: (reason: unknown) => void) =>
        (reason?: unknown): void => {
          signal.removeEventListener('abort', leave);
          settle(reason);
        };
      const waiter: Waiter = { missing: want, resolve: settled(() => resolve()), reject: settled(reject) };
      signal.addEventListener('abort', leave, { once: true });
      queue.waiters.add(waiter);
    });
  }

  override async throttled({ retryAfterMs, ...subject }: RateLeaseSubject & { retryAfterMs?: number }): Promise<void> {
    const throttledForMs = Math.min(Math.ceil(retryAfterMs ?? DEFAULT_THROTTLE_MS), LONGEST_THROTTLE_MS);
    const report = { ...subject, want: 1, throttledForMs };
    await this.client.leaseRate(report, AbortSignal.timeout(THROTTLE_REPORT_TIMEOUT_MS)).catch(() => undefined);
  }

  #queueOf(subject: RateLeaseSubject): Queue {
    const id = `${subject.provider} ${subject.key}`;
    const existing = this.#queues.get(id);
    if (existing) return existing;
    const queue = { subject, waiters: new Set<Waiter>(), abandoned: new AbortController() };
    this.#queues.set(id, queue);
    void this.#serve(queue).catch((error: unknown) => {
      this.#abandon(queue);
      for (const waiter of queue.waiters) waiter.reject(error);
    });
    return queue;
  }

  /** The next call that waits for this account opens a queue of its own. */
  #abandon(queue: Queue): void {
    const id = `${queue.subject.provider} ${queue.subject.key}`;
    if (this.#queues.get(id) === queue) this.#queues.delete(id);
    queue.abandoned.abort();
  }

  async #serve(queue: Queue): Promise<void> {
    const { signal } = queue.abandoned;
    for (;;) {
      // One turn of the event loop lets the calls that start together share this request.
      await sleep(0);
      const want = Math.min(sum(queue.waiters), MAX_WANT);
      if (want === 0) return this.#abandon(queue);
      const reply = await this.client.leaseRate({ ...queue.subject, want }, signal);
      distribute(queue.waiters, reply.granted);
      if (reply.granted < want) await sleep(Math.max(reply.retryAfterMs, SHORTEST_WAIT_MS), undefined, { signal });
    }
  }
}

function sum(waiters: ReadonlySet<Waiter>): number {
  return [...waiters].reduce((total, { missing }) => total + missing, 0);
}

/** First come, first served. */
function distribute(waiters: Set<Waiter>, granted: number): void {
  let left = granted;
  for (const waiter of waiters) {
    const given = Math.min(left, waiter.missing);
    waiter.missing -= given;
    left -= given;
    if (waiter.missing > 0) return;
    waiters.delete(waiter);
    waiter.resolve();
  }
}
