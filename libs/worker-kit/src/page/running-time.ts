import { CONTROL_SILENCE_MS } from '@uno/workflow-contracts';
import type { ControlStream } from '../page-api/control.stream.js';

/**
 * The time in which a job ran while its page was worked on, in ms. It stands still while the job is paused or stopped and
 * while nothing is heard of it: what is counted by it (a retry budget) is not used up by waiting.
 */
export class RunningTime {
  readonly release: () => void;
  #ms = 0;
  #readAt = performance.now();
  #wasOpen: boolean;

  constructor(
    private readonly control: ControlStream,
    private readonly jobId: string,
  ) {
    this.#wasOpen = control.isOpen(jobId);
    this.release = control.watchBeats(() => this.read());
  }

  read(): number {
    const now = performance.now();
    // Each beat is read, so a longer gap is silence; or the whole process stood still.
    if (this.#wasOpen) this.#ms += Math.min(now - this.#readAt, CONTROL_SILENCE_MS);
    this.#readAt = now;
    this.#wasOpen = this.control.isOpen(this.jobId);
    return this.#ms;
  }
}
