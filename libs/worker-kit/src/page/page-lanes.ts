import type { CallShares, SharingPage } from './call-shares.js';

export interface PageLanesOptions {
  readonly jobId: string;
  /** Handles the next chunk of the page; undefined when there is none left or the page must stop. Never rejects. */
  readonly next: () => Promise<void> | undefined;
  /** Chunks that nobody has taken yet. */
  readonly waiting: () => number;
  /** Aborts when the page must stop, also while it waits for its first lane. */
  readonly stop: AbortSignal;
  /** Lanes of this page at most. */
  readonly lanes: number;
  /** Lanes of all pages of this process. */
  readonly lanesOfProcess: number;
}

/** How long a new page waits for the lanes that others have above their share. Where they hang, it no longer waits for them. */
const PATIENCE_MS = 500;

/** Handles the chunks of one page side by side, in as many lanes as its share of the process's calls allows at the moment. */
export class PageLanes {
  #busy = 0;
  #isPatient = true;
  /** No further chunk is taken. */
  #isEnding = false;
  #finished: () => void = () => undefined;
  readonly #page: SharingPage;

  constructor(
    private readonly shares: CallShares,
    private readonly options: PageLanesOptions,
  ) {
    const { jobId, lanes, waiting } = options;
    this.#page = {
      jobId,
      busy: () => this.#busy,
      demand: () => Math.min(lanes, this.#busy + waiting()),
      mayGrow: () => this.#grow(),
    };
  }

  /** Resolves when no lane is left. */
  async run(): Promise<void> {
    const { stop } = this.options;
    const stopping = (): void => {
      this.#isEnding = true;
      this.#endWhenIdle();
    };
    this.shares.enter(this.#page);
    const patience = setTimeout(() => {
      this.#isPatient = false;
      this.#grow();
    }, PATIENCE_MS);
    await new Promise<void>((resolve) => {
      this.#finished = resolve;
      stop.addEventListener('abort', stopping);
      if (stop.aborted) this.#isEnding = true;
      else this.#grow();
      this.#endWhenIdle();
    });
    stop.removeEventListener('abort', stopping);
    clearTimeout(patience);
    this.shares.leave(this.#page);
  }

  #grow(): void {
    if (this.#isEnding) return;
    const { lanesOfProcess, waiting } = this.options;
    const share = this.shares.shareOf(this.#page, lanesOfProcess);
    const free = Math.max(this.shares.free(lanesOfProcess), this.#busy === 0 ? 1 : 0);
    const more = Math.min(waiting(), share - this.#busy, this.#isPatient ? free : share);
    for (let n = 0; n < more; n++) void this.#lane();
  }

  async #lane(): Promise<void> {
    this.#busy += 1;
    let handled = this.options.next();
    while (handled) {
      await handled;
      this.#grow();
      if (this.#busy > this.shares.shareOf(this.#page, this.options.lanesOfProcess)) break;
      handled = this.options.next();
    }
    this.#busy -= 1;
    if (!handled) this.#isEnding = true;
    this.#endWhenIdle();
    this.shares.givenBack();
  }

  #endWhenIdle(): void {
    if (this.#busy === 0 && (this.#isEnding || this.options.waiting() === 0)) this.#finished();
  }
}
