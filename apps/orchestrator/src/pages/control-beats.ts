import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { CONTROL_BEAT_MS } from '@uno/workflow-contracts';
import type { ControlBeat } from '@uno/workflow-contracts';
import { Database } from '../database/database.js';

export type BeatListener = (beat: ControlBeat) => void;

/**
 * Reads every 100 ms which jobs are paused or stopped, once for all streams of this process, and tells the listeners. A beat
 * says what was true in the database at that moment; when the database does not answer there is no beat, and workers start
 * no call.
 */
@Injectable()
export class ControlBeats implements OnModuleDestroy {
  readonly #listeners = new Set<BeatListener>();
  #timer: NodeJS.Timeout | undefined;
  #reading = false;

  constructor(private readonly database: Database) {}

  /** @returns the function that ends the subscription */
  subscribe(listener: BeatListener): () => void {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => void this.#beat(), CONTROL_BEAT_MS);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  onModuleDestroy(): void {
    this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #beat(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      const at = Date.now();
      const jobs = await this.database.acrossWorkspaces<{ job_id: string; control: string }>(
        'select * from steered_jobs()',
      );
      const of = (control: string): string[] =>
        jobs.filter((job) => job.control === control).map(({ job_id }) => job_id);
      const beat: ControlBeat = { at, paused: of('pause'), stopped: of('stop') };
      for (const listener of this.#listeners) listener(beat);
    } catch {
      // No beat is the message: whoever listens starts nothing until the database answers again.
    } finally {
      this.#reading = false;
    }
  }
}
