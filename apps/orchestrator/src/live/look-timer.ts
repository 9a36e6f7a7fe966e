/** How long changes are gathered before they are pushed, while they come. */
const TICK_MS = 50;
/** How often it is looked while all is quiet. */
const QUIET_TICK_MS = 200;
/** For so long after news more of them are expected. */
const BUSY_FOR_MS = 5_000;
/** Between two looks that {@link LookTimer.soon} asked for. */
const SHORTEST_GAP_MS = 20;
const RETRY_AFTER_MS = 1_000;

/** What a look found: `nobody` watches, so there is none until somebody asks for the next. */
export type Look = 'news' | 'quiet' | 'nobody';

/** Looks again and again, never twice at once: often while there is news, rarely while all is quiet. */
export class LookTimer {
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  /** How long after the look that is under way the next was asked for. */
  #asked: number | undefined;
  #lookedAt = 0;
  #busyUntil = 0;
  #isStopped = false;

  constructor(
    private readonly look: () => Promise<Look>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Somebody waits for an answer. */
  now(): void {
    this.#ask(0);
  }

  /** There may be news. */
  soon(): void {
    this.#ask(SHORTEST_GAP_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #ask(gapMs: number): void {
    if (this.#isLooking) this.#asked = Math.min(gapMs, this.#asked ?? gapMs);
    else this.#lookIn(Math.max(0, this.#lookedAt + gapMs - performance.now()));
  }

  #lookIn(ms: number): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), ms);
  }

  async #run(): Promise<void> {
    this.#isLooking = true;
    this.#asked = undefined;
    const next = await this.look().then((found) => this.#nextAfter(found), this.#retry);
    this.#isLooking = false;
    this.#lookedAt = performance.now();
    const wait = this.#asked ?? next;
    if (wait !== undefined) this.#lookIn(wait);
  }

  #nextAfter(found: Look): number | undefined {
    if (found === 'nobody') return undefined;
    if (found === 'news') this.#busyUntil = performance.now() + BUSY_FOR_MS;
    return performance.now() < this.#busyUntil ? TICK_MS : QUIET_TICK_MS;
  }

  readonly #retry = (error: unknown): number => {
    this.onFailure(error);
    return RETRY_AFTER_MS;
  };
}
