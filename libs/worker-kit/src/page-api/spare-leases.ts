import { LEASE_HELD_MS } from '@uno/workflow-contracts';

/** Calls come in bursts, so twice as many as on average are asked for. */
const FOR_BURSTS = 2;
/** The pace is that of about so long: of a shorter time, a burst or the pause after it would be taken for it. */
const PACE_MS = 200;
/** New ones are asked for while those that are held still serve. */
const RENEW_AFTER_MS = LEASE_HELD_MS / 2;

/**
 * Leases of one account that were given ahead, so that a call need not wait for the orchestrator's answer and one request
 * serves more than the calls that happen to wait. They are as many as the pace of the calls suggests; a slow one suggests none.
 *
 * All times in ms, of any one clock.
 */
export class SpareLeases {
  #held = 0;
  #heldUntil = Number.NEGATIVE_INFINITY;
  #counted = 0;
  /** Calls per ms. */
  #pace = 0;
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

  /** @returns whether new ones should be asked for although no call waits: calls go on, and the last request is old */
  isDue(now: number): boolean {
    return this.#counted > 0 && now - this.#requestedAt >= RENEW_AFTER_MS;
  }

  /** At each request to the orchestrator: how many to ask for ahead. */
  ahead(now: number): number {
    const passedMs = Math.max(now - this.#requestedAt, 1);
    this.#pace += Math.min(1, passedMs / PACE_MS) * (this.#counted / passedMs - this.#pace);
    this.#counted = 0;
    this.#requestedAt = now;
    return Math.floor(this.#pace * LEASE_HELD_MS * FOR_BURSTS);
  }

  /**
   * They take the place of those that are held; where none were given, these keep their worth.
   *
   * @param askedAt when they were asked for: they are not worth more if the answer took long.
   */
  hold(leases: number, askedAt: number): void {
    if (leases === 0) return;
    this.#held = leases;
    this.#heldUntil = askedAt + LEASE_HELD_MS;
  }

  /** The account refused a call: what is held is worth nothing any more. */
  drop(): void {
    this.#held = 0;
  }
}
