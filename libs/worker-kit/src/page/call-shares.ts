/** A page that wants lanes. */
export interface SharingPage {
  /** Lanes that it has. */
  readonly busy: () => number;
  /** Lanes that it has and could still use. */
  readonly demand: () => number;
  /** Called when others have given lanes back. */
  readonly mayGrow: () => void;
}

/**
 * Shares the calls that a process makes at a time among the pages that it runs: what one page does not need the others get,
 * and no page is left without. A page that stands still keeps no more than its share, so it cannot starve another.
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

  /** Lanes that a page may have now, at least one, when the process has so many (max-min fairness). */
  shareOf(page: SharingPage, lanes: number): number {
    const own = page.demand();
    const demands = [...this.#pages].map((each) => each.demand()).sort((a, b) => a - b);
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
