import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { RateLeaseReply } from '@uno/workflow-contracts';
import { PageApiClient } from './page-api.client.js';
import { RateLease, type RateLeaseSubject } from './rate-lease.js';
import { SpareLeases } from './spare-leases.js';

interface Waiter {
  missing: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** The calls that wait for one account. */
interface Queue {
  readonly subject: RateLeaseSubject;
  readonly spare: SpareLeases;
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
 * what they want, because a lease that is kept for later would come on top of what the bucket holds by then. Where calls are many
 * it asks for those of the next moment too, as leases of a kind that the bucket accounts for, and renews these before they end:
 * then no call waits.
 */
@Injectable()
export class PageApiRateLease extends RateLease {
  readonly #queues = new Map<string, Queue>();
  /** By account, of which a team has few. */
  readonly #spares = new Map<string, SpareLeases>();

  constructor(private readonly client: PageApiClient) {
    super();
  }

  override async acquire(
    { want, ...subject }: RateLeaseSubject & { want: number },
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const spare = this.#spareOf(subject);
    spare.count(want);
    // First come, first served: who finds others waiting waits behind them.
    const isFirst = (this.#queues.get(idOf(subject))?.waiters.size ?? 0) === 0;
    const now = performance.now();
    if (isFirst && spare.take(want, now)) {
      if (spare.isDue(now)) this.#queueOf(subject);
      return;
    }
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
    this.#spareOf(subject).drop();
    const throttledForMs = Math.min(Math.ceil(retryAfterMs ?? DEFAULT_THROTTLE_MS), LONGEST_THROTTLE_MS);
    const report = { ...subject, want: 1, throttledForMs };
    await this.client.leaseRate(report, AbortSignal.timeout(THROTTLE_REPORT_TIMEOUT_MS)).catch(() => undefined);
  }

  #spareOf(subject: RateLeaseSubject): SpareLeases {
    const id = idOf(subject);
    const spare = this.#spares.get(id) ?? new SpareLeases();
    this.#spares.set(id, spare);
    return spare;
  }

  #queueOf(subject: RateLeaseSubject): Queue {
    const id = idOf(subject);
    const existing = this.#queues.get(id);
    if (existing) return existing;
    const spare = this.#spareOf(subject);
    const queue = { subject, spare, waiters: new Set<Waiter>(), abandoned: new AbortController() };
    this.#queues.set(id, queue);
    void this.#serve(queue).catch((error: unknown) => {
      this.#abandon(queue);
      for (const waiter of queue.waiters) waiter.reject(error);
    });
    return queue;
  }

  /** The next call that waits for this account opens a queue of its own. */
  #abandon(queue: Queue): void {
    const id = idOf(queue.subject);
    if (this.#queues.get(id) === queue) this.#queues.delete(id);
    queue.abandoned.abort();
  }

  async #serve(queue: Queue): Promise<void> {
    const { signal } = queue.abandoned;
    for (;;) {
      // One turn of the event loop lets the calls that start together share this request.
      await sleep(0);
      const want = Math.min(sum(queue.waiters), MAX_WANT);
      const askedAt = performance.now();
      if (want === 0 && !queue.spare.isDue(askedAt)) return this.#abandon(queue);
      const ahead = Math.min(queue.spare.ahead(askedAt), MAX_WANT);
      if (want === 0 && ahead === 0) return this.#abandon(queue);
      const asked = this.client.leaseRate({ ...queue.subject, want, ...(ahead > 0 && { ahead }) }, signal);
      // An older orchestrator does not know that leases can be wanted ahead alone; nobody waited for them.
      const reply = want > 0 ? await asked : await asked.catch(() => NOTHING);
      // Those who came meanwhile are served from what was given ahead.
      const left = distribute(queue.waiters, reply.granted + (reply.ahead ?? 0));
      queue.spare.hold(left, askedAt);
      if (reply.granted < want) await sleep(Math.max(reply.retryAfterMs, SHORTEST_WAIT_MS), undefined, { signal });
    }
  }
}

const NOTHING: RateLeaseReply = { granted: 0, retryAfterMs: 0 };

const idOf = ({ provider, key }: RateLeaseSubject): string => `${provider} ${key}`;

function sum(waiters: ReadonlySet<Waiter>): number {
  return [...waiters].reduce((total, { missing }) => total + missing, 0);
}

/** First come, first served. @returns what is left when nobody waits any more */
function distribute(waiters: Set<Waiter>, granted: number): number {
  let left = granted;
  for (const waiter of waiters) {
    const given = Math.min(left, waiter.missing);
    waiter.missing -= given;
    left -= given;
    if (waiter.missing > 0) return 0;
    waiters.delete(waiter);
    waiter.resolve();
  }
  return left;
}
