import type { LawId, Violation } from './law.js';

/** Kept per law at most, so that a flood of one kind does not hide the others. */
const KEPT_PER_LAW = 20;
const KEPT = 100;

/** Counts every violation and keeps the first ones of each law. */
export class Findings {
  readonly #counts = new Map<LawId, number>();
  readonly #kept: Violation[] = [];
  readonly #settling: Violation[] = [];

  add(violations: Iterable<Violation>): void {
    for (const violation of violations) {
      const count = (this.#counts.get(violation.law) ?? 0) + 1;
      this.#counts.set(violation.law, count);
      if (count <= KEPT_PER_LAW && this.#kept.length < KEPT) this.#kept.push(violation);
    }
  }

  /** What is not so yet, and is no violation before its allowance has passed. */
  addSettling(violations: Iterable<Violation>): void {
    for (const violation of violations) if (this.#settling.length < KEPT) this.#settling.push(violation);
  }

  /** The first violations, at most 100. */
  get violations(): readonly Violation[] {
    return this.#kept;
  }

  get settling(): readonly Violation[] {
    return this.#settling;
  }

  count(law: LawId): number {
    return this.#counts.get(law) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
