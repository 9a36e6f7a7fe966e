import { setTimeout as sleep } from 'node:timers/promises';
import {
  MAX_RESULTS_PER_CALL,
  type CellResult,
  type FillPageResult,
  type RowMemory,
  type SettleReply,
  type SettleRequest,
} from '@uno/workflow-contracts';

/** Of rows that have results in the same request. */
type Memories = NonNullable<SettleRequest['memories']>;

export interface CellSettlerOptions {
  readonly send: (results: readonly CellResult[], memories: Memories) => Promise<SettleReply>;
  /** Called after each acknowledged batch. */
  readonly onSettled: (results: readonly CellResult[], reply: SettleReply) => void;
  /** Called once, with what made settling impossible. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The first cells of a page are sent at once; later ones are gathered for so long, or as long as the last batch took to be
 * written (a busy database gets fewer and larger ones), or until there are so many.
 */
const GATHER_MS = 100;
const LONGEST_GATHER_MS = 500;
const GATHER_AT = 500;
/** A batch ends when its values reach this weight, so that a request stays far below the server's limit. */
const MAX_BATCH_CHARACTERS = 1_000_000;
/** With more than this waiting to be acknowledged no new call starts. */
const MAX_WAITING = 2 * MAX_RESULTS_PER_CALL;

/** Sends the cells of a page in sub-batches as they come, one request at a time. */
export class CellSettler {
  readonly counts = { filled: 0, notFound: 0, error: 0, skipped: 0 } satisfies FillPageResult;
  readonly #waiting: CellResult[] = [];
  readonly #memories = new Map<string, RowMemory>();
  readonly #full = new Set<() => void>();
  #pump: Promise<void> | undefined;
  #hurry = new AbortController();
  #closing = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(private readonly options: CellSettlerOptions) {}

  add(results: readonly CellResult[], memories: readonly Memories[number][] = []): void {
    if (this.#failure) return;
    for (const { rowId, memory } of memories) this.#memories.set(rowId, memory);
    this.#waiting.push(...results);
    if (this.#waiting.length >= GATHER_AT) this.#hurry.abort();
    if (this.#waiting.length > 0) this.#pump ??= this.#sendAll().finally(() => (this.#pump = undefined));
  }

  /** Resolves when so little waits that another call may be made. */
  async room(): Promise<void> {
    while (this.#waiting.length > MAX_WAITING && !this.#failure) {
      await new Promise<void>((resolve) => this.#full.add(resolve));
    }
  }

  /** Resolves when everything that was added is sent. Failures have gone to `onFailure`. */
  async flush(): Promise<void> {
    this.#hurry.abort();
    await this.#pump;
  }

  /** Sends what is left. Failures have gone to `onFailure`. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#hurry.abort();
    await this.#pump;
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        // Lets results that were added in the same moment travel together.
        await sleep(0);
        const batch = this.#waiting.splice(0, batchSize(this.#waiting));
        const sentAt = performance.now();
        const reply = await this.options.send(batch, this.#takeMemories(batch));
        const tookMs = performance.now() - sentAt;
        this.#count(batch);
        this.options.onSettled(batch, reply);
        this.#wakeUp();
        if (!this.#closing && this.#waiting.length < GATHER_AT) await this.#gather(tookMs);
      }
    } catch (error) {
      this.#failure = { error };
      this.#waiting.length = 0;
      this.#wakeUp();
      this.options.onFailure(error);
    }
  }

  #takeMemories(batch: readonly CellResult[]): Memories {
    return [...new Set(batch.map(({ rowId }) => rowId))].flatMap((rowId) => {
      const memory = this.#memories.get(rowId);
      this.#memories.delete(rowId);
      return memory === undefined ? [] : [{ rowId, memory }];
    });
  }

  async #gather(lastBatchMs: number): Promise<void> {
    this.#hurry = new AbortController();
    const ms = Math.min(Math.max(GATHER_MS, lastBatchMs), LONGEST_GATHER_MS);
    await sleep(ms, undefined, { signal: this.#hurry.signal }).catch(() => undefined);
  }

  #wakeUp(): void {
    for (const resolve of this.#full) resolve();
    this.#full.clear();
  }

  #count(batch: readonly CellResult[]): void {
    for (const { status } of batch) this.counts[status === 'not_found' ? 'notFound' : status] += 1;
  }
}

function batchSize(waiting: readonly CellResult[]): number {
  let characters = 0;
  for (const [index, { value }] of waiting.slice(0, MAX_RESULTS_PER_CALL).entries()) {
    characters += typeof value === 'object' ? JSON.stringify(value).length : String(value).length;
    if (characters > MAX_BATCH_CHARACTERS) return Math.max(index, 1);
  }
  return MAX_RESULTS_PER_CALL;
}
