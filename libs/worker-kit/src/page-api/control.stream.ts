import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONTROL_SILENCE_MS, controlBeat, type ControlBeat } from '@uno/workflow-contracts';
import { jsonLines } from './json-lines.js';
import { PageApiClient } from './page-api.client.js';

/** Without a beat for so long the connection is taken for dead and opened anew. */
const DEAD_AFTER_MS = 1_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;

/** A signal that aborts when a job must stop; `release` ends the watch. */
export interface StopWatch {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/**
 * What the orchestrator says about the jobs, ten times a second. Each beat is the whole truth. In doubt nothing starts: a
 * worker that has heard nothing for {@link CONTROL_SILENCE_MS}, or hears beats that are late, waits.
 */
@Injectable()
export class ControlStream implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger('ControlStream');
  readonly #beats = new EventEmitter().setMaxListeners(0);
  readonly #end = new AbortController();
  readonly #stopWatches = new Map<string, Set<AbortController>>();
  #loop: Promise<void> | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;
  #paused: ReadonlySet<string> = new Set();
  #stopped: ReadonlySet<string> = new Set();

  constructor(private readonly client: PageApiClient) {}

  onApplicationBootstrap(): void {
    this.#loop = this.#follow(this.#end.signal).catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#end.abort();
    await this.#loop;
  }

  /** True at a moment when a call for this job may start. */
  isOpen(jobId: string): boolean {
    const isFresh = performance.now() - this.#heardAt < CONTROL_SILENCE_MS;
    return isFresh && !this.#paused.has(jobId) && !this.#stopped.has(jobId);
  }

  /** Resolves when a call may start; rejects when the signal aborts. Start the call at once. */
  async mayStartCall(jobId: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (!this.isOpen(jobId)) await once(this.#beats, 'beat', { signal });
  }

  watchStop(jobId: string): StopWatch {
    const controller = new AbortController();
    if (this.#stopped.has(jobId)) controller.abort();
    const watches = this.#stopWatches.get(jobId) ?? new Set();
    this.#stopWatches.set(jobId, watches.add(controller));
    const release = (): void => {
      watches.delete(controller);
      if (watches.size === 0) this.#stopWatches.delete(jobId);
    };
    return { signal: controller.signal, release };
  }

  /** Calls `listener` after each beat; the answer ends that. */
  watchBeats(listener: () => void): () => void {
    this.#beats.on('beat', listener);
    return () => this.#beats.off('beat', listener);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      const beats = await this.#readUntilItBreaks(signal);
      signal.throwIfAborted();
      if (beats > 0) waitMs = FIRST_WAIT_MS;
      this.#logger.warn({ msg: 'The control stream broke, no call starts until it is back', waitMs });
      await sleep(waitMs, undefined, { signal });
    }
  }

  async #readUntilItBreaks(signal: AbortSignal): Promise<number> {
    const connection = new AbortController();
    const silence = setTimeout(() => connection.abort(), DEAD_AFTER_MS);
    let beats = 0;
    let smallestOffset = Number.POSITIVE_INFINITY;
    try {
      const body = await this.client.openControl(AbortSignal.any([signal, connection.signal]));
      for await (const line of jsonLines(body)) {
        const beat = controlBeat.parse(line);
        // A worker that was suspended first reads beats from the buffer. Their age shows against the quickest beat of this
        // connection, whatever the two clocks say.
        const now = performance.now();
        smallestOffset = Math.min(smallestOffset, now - beat.at);
        const lateMs = now - beat.at - smallestOffset;
        if (lateMs < DEAD_AFTER_MS) silence.refresh();
        beats += 1;
        this.#apply(beat, now - lateMs);
      }
    } catch {
      // A broken stream, a dead one and a beat that cannot be read are the same thing: open it again.
    } finally {
      clearTimeout(silence);
      connection.abort();
    }
    return beats;
  }

  #apply(beat: ControlBeat, heardAt: number): void {
    this.#heardAt = heardAt;
    this.#paused = new Set(beat.paused);
    this.#stopped = new Set(beat.stopped);
    for (const jobId of beat.stopped) this.#stopWatches.get(jobId)?.forEach((watch) => watch.abort());
    this.#beats.emit('beat');
  }
}
