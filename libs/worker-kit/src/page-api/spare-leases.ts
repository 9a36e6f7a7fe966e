import { LEASE_HELD_MS } from '@uno/workflow-contracts';

/** Calls come in bursts, so twice as many as on average are asked for. */
const FOR_BURSTS = 2;

/**
 * Leases of one account that were given ahead, so that a call need not wait for the orchestrator's answer and one request
 * serves more than the calls that happen to wait. They are as many as the calls since the last request suggest; a slow pace
 * suggests none.
 *
 * All times in ms, of any one clock.
 */
export class SpareLeases {
  #held = 0;
  #heldUntil = Number.NEGATIVE_INFINITY;
  #counted = 0;
  #requestedAt = Number.NEGATIVE_INFINITY;

  /** Counts a call, wherever it gets its leases from. */
  count(want: number): void {
    this.#counted += want;
  }

  /** @returns whether so many were there */
  take(want: number, now: number): boolean {
    if (now >= this.#heldUntil || this.#held < want) return false;
    this.#held -= want;
    return true;
  }

  /** At each request to the orchestrator: how many to ask for ahead. */
  ahead(now: number): number {
    const perMs = this.#counted / Math.max(now - this.#requestedAt, LEASE_HELD_MS);
    this.#counted = 0;
    this.#requestedAt = now;
    return Math.floor(perMs * LEASE_HELD_MS * FOR_BURSTS);
  }

  /** @param askedAt when they were asked for: they are not worth more if the answer took long. */
  hold(leases: number, askedAt: number): void {
    this.#held = leases;
    this.#heldUntil = askedAt + LEASE_HELD_MS;
  }

  /** The account refused a call: what is held is worth nothing any more. */
  drop(): void {
    this.#held = 0;
  }
}
