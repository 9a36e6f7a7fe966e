/**
 * The signal of one call: aborts with `signal`, or when the call has taken too long.
 *
 * Not `AbortSignal.any` with `AbortSignal.timeout`: those keep a timer and weak references until the time is over, also when the
 * call has long ended, which a thousand calls a second pay for at every garbage collection; and in Node 20 the timeout, which
 * nothing else holds, may be collected and then never comes.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  #hasPassed = false;

  constructor(signal: AbortSignal, ms: number) {
    this.#outer = signal;
    this.#timer = setTimeout(() => {
      this.#hasPassed = true;
      this.#controller.abort(new Error(`Took longer than ${ms} ms`));
    }, ms);
    signal.addEventListener('abort', this.#follow);
    if (signal.aborted) this.#follow();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get hasPassed(): boolean {
    return this.#hasPassed;
  }

  /** To be called when the call is over. */
  release(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#follow);
  }

  readonly #follow = (): void => this.#controller.abort(this.#outer.reason);
}
