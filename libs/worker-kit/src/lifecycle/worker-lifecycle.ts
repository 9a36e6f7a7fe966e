import { Injectable } from '@nestjs/common';

/** What the parts of a worker process tell each other: who is ready, and that the process is about to end. */
@Injectable()
export class WorkerLifecycle {
  readonly #checks = new Map<string, () => boolean>();
  readonly #drain = new AbortController();

  /** Aborted when the process shall end: start nothing new, finish what is in flight. */
  readonly drainSignal: AbortSignal = this.#drain.signal;

  /** The process is ready when every check says so. */
  addReadinessCheck(name: string, isReady: () => boolean): void {
    this.#checks.set(name, isReady);
  }

  /** Names of what is still missing; empty means ready. A draining process is not ready. */
  waitingFor(): string[] {
    const missing = [...this.#checks].filter(([, isReady]) => !isReady()).map(([name]) => name);
    return this.drainSignal.aborted ? ['draining', ...missing] : missing;
  }

  beginDrain(): void {
    this.#drain.abort(new Error('The worker is shutting down'));
  }
}
