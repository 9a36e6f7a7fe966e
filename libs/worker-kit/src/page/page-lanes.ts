import type { CallShares, SharingPage } from './call-shares.js';

export interface PageLanesOptions {
  /** Handles the next chunk of the page; undefined when there is none left or the page must stop. Never rejects. */
  readonly next: () => Promise<void> | undefined;
  /** Chunks that nobody has taken yet. */
  readonly waiting: () => number;
  /** Lanes of this page at most. */
  readonly lanes: number;
  /** Lanes of all pages of this process. */
  readonly lanesOfProcess: number;
}

/** Handles the chunks of one page side by side, in as many lanes as its share of the process's calls allows at the moment. */
export class PageLanes {
  #busy = 0;
  #finished: () => void = () => undefined;
  readonly #page: SharingPage = {
    demand: () => Math.min(this.options.lanes, this.#busy + this.options.waiting()),
    mayGrow: () => this.#grow(),
  };

  constructor(
    private readonly shares: CallShares,
    private readonly options: PageLanesOptions,
  ) {}

  /** Resolves when no lane is left. */
  async run(): Promise<void> {
    this.shares.enter(this.#page);
    await new Promise<void>((resolve) => {
      this.#finished = resolve;
      this.#grow();
      if (this.#busy === 0) resolve();
    });
    this.shares.leave(this.#page);
  }

  #grow(): void {
    const { lanesOfProcess, waiting } = this.options;
    const more = Math.min(waiting(), this.shares.shareOf(this.#page, lanesOfProcess) - this.#busy);
    for (let n = 0; n < more; n++) void this.#lane();
  }

  async #lane(): Promise<void> {
    this.#busy += 1;
    do {
      const handled = this.options.next();
      if (!handled) break;
      await handled;
      this.#grow();
    } while (this.#busy <= this.shares.shareOf(this.#page, this.options.lanesOfProcess));
    this.#busy -= 1;
    if (this.#busy === 0) this.#finished();
  }
}
