/** A page that wants lanes. */
export interface SharingPage {
  readonly jobId: string;
  /** Lanes that it has. */
  readonly busy: () => number;
  /** Lanes that it has and could still use. */
  readonly demand: () => number;
  /** Called when others have given lanes back. */
  readonly mayGrow: () => void;
}

/**
 * Shares the calls that a process makes at a time among the jobs whose pages it runs: what one job does not need the others
 * get, and no job is left without. A job that stands still keeps no more than its share, so it cannot starve another.
 *
 * Within a job the page that came first is served first. So its pages end one after another, each while others still have
 * rows (pages that end together leave lanes idle until new ones are open), and the cells of a page come close together, in
 * few writes.
 */
export class CallShares {
  readonly #pages = new Set<SharingPage>();

  enter(page: SharingPage): void {
    this.#pages.add(page);
  }

  leave(page: SharingPage): void {
    this.#pages.delete(page);
    this.givenBack();
  }

  /** Tells every page that lanes have become free. */
  givenBack(): void {
    for (const page of this.#pages) page.mayGrow();
  }

  /** Lanes that nobody uses now. */
  free(lanes: number): number {
    return lanes - [...this.#pages].reduce((sum, page) => sum + page.busy(), 0);
  }

  /** Lanes that a page may have now when the process has so many; none while earlier pages of its job can use them all. */
  shareOf(page: SharingPage, lanes: number): number {
    let left = this.#shareOfJob(page.jobId, lanes);
    for (const each of this.#pages) {
      if (each === page) break;
      if (each.jobId === page.jobId) left -= each.demand();
    }
    return Math.min(page.demand(), Math.max(0, left));
  }

  /** At least one (max-min fairness). */
  #shareOfJob(jobId: string, lanes: number): number {
    const demandOf = new Map<string, number>();
    for (const page of this.#pages) demandOf.set(page.jobId, (demandOf.get(page.jobId) ?? 0) + page.demand());
    const own = demandOf.get(jobId) ?? 0;
    const demands = [...demandOf.values()].sort((a, b) => a - b);
    let left = lanes;
    for (const [index, demand] of demands.entries()) {
      const equal = left / (demands.length - index);
      // From here on everybody wants at least an equal part of what is left.
      if (demand >= own || demand >= equal) return Math.max(1, Math.floor(Math.min(own, equal)));
      left -= demand;
    }
    return Math.max(1, Math.min(own, lanes));
  }
}
