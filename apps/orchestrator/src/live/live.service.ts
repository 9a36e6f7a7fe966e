import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { Database } from '../database/database.js';
import { CreditsFeed } from './credits-feed.js';
import { ListTicker } from './list-ticker.js';
import type { Subscriber } from './list-ticker.js';
import type { Credits, RowWindow } from './live-messages.js';

/** How long changes are gathered before they are pushed, while they come. */
const TICK_MS = 50;
/** How often the heads of quiet lists are looked at. */
const QUIET_TICK_MS = 200;
/** After a write through this process nobody waits for the tick, but looks are so far apart. */
const SHORTEST_GAP_MS = 20;
/** For so long after a change a list counts as busy. */
const BUSY_FOR_MS = 5_000;
const RETRY_AFTER_MS = 1_000;

export interface Subscription {
  readonly workspaceId: string;
  readonly listId: string;
  readonly window: RowWindow;
  readonly fromSeq?: number | undefined;
}

/**
 * The lists that clients of this process watch. One small query per tick reads the heads of all of them, whatever
 * process wrote the events; a notification by Postgres for each event would make all writers of all lists queue for its
 * commit lock. Nothing is read while nobody watches.
 */
@Injectable()
export class LiveService implements OnModuleDestroy {
  readonly #tickers = new Map<string, ListTicker>();
  readonly #logger = new Logger(LiveService.name);
  #busyUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #lookAgain = false;
  #lookSoonAgain = false;
  #lookedAt = 0;
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly credits: CreditsFeed,
  ) {}

  subscribe(subscriber: Subscriber, { workspaceId, listId, window, fromSeq }: Subscription): void {
    const ticker = this.#tickers.get(listId) ?? new ListTicker(this.database, workspaceId, listId);
    this.#tickers.set(listId, ticker);
    ticker.subscribe(subscriber, window, fromSeq);
    this.#lookNow();
  }

  /** Moves a subscriber's window, which is answered by a snapshot. False if it does not watch that list. */
  moveWindow(subscriber: Subscriber, listId: string, window: RowWindow): boolean {
    const ticker = this.#tickers.get(listId);
    if (!ticker?.has(subscriber)) return false;
    ticker.subscribe(subscriber, window);
    this.#lookNow();
    return true;
  }

  unsubscribe(subscriber: Subscriber, listId?: string): void {
    for (const ticker of this.#tickers.values()) {
      if (listId !== undefined && ticker.listId !== listId) continue;
      ticker.unsubscribe(subscriber);
      if (ticker.empty) this.#tickers.delete(ticker.listId);
    }
  }

  /** To be called when this process may have written to a list. */
  lookSoon(): void {
    if (this.#tickers.size === 0) return;
    if (this.#looking) this.#lookSoonAgain = true;
    else this.#lookIn(Math.max(0, this.#lookedAt + SHORTEST_GAP_MS - performance.now()));
  }

  onModuleDestroy(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#tickers.clear();
  }

  #lookNow(): void {
    if (this.#looking) this.#lookAgain = true;
    else this.#lookIn(0);
  }

  #lookIn(ms: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    this.#looking = true;
    this.#lookAgain = false;
    this.#lookSoonAgain = false;
    let next = RETRY_AFTER_MS;
    try {
      await this.#turnWhereDue();
      next = Date.now() < this.#busyUntil ? TICK_MS : QUIET_TICK_MS;
    } catch (error) {
      this.#logger.warn(`Live updates are delayed: ${error instanceof Error ? error.name : 'unknown error'}`);
    } finally {
      this.#looking = false;
      this.#lookedAt = performance.now();
    }
    if (this.#tickers.size === 0) return;
    if (this.#lookAgain) this.#lookIn(0);
    else this.#lookIn(this.#lookSoonAgain ? SHORTEST_GAP_MS : next);
  }

  async #turnWhereDue(): Promise<void> {
    const rows = await this.database.acrossWorkspaces<{ list_id: string; seq: number }>(
      'select list_id, seq from list_heads($1)',
      [[...this.#tickers.keys()]],
    );
    const heads = new Map(rows.map(({ list_id, seq }) => [list_id, seq]));
    const due = [...this.#tickers.values()].filter((ticker) => ticker.isDue(heads.get(ticker.listId)));
    await Promise.all(due.map((ticker) => this.#turn(ticker)));
  }

  async #turn(ticker: ListTicker): Promise<void> {
    const { moved, jobs } = await ticker.turn();
    if (moved) this.#busyUntil = Date.now() + BUSY_FOR_MS;
    if (jobs) this.credits.touch(ticker.workspaceId, (credits) => this.#sendCredits(ticker.workspaceId, credits));
    if (ticker.empty) this.#tickers.delete(ticker.listId);
  }

  #sendCredits(workspaceId: string, credits: Credits): void {
    for (const ticker of this.#tickers.values()) if (ticker.workspaceId === workspaceId) ticker.sendCredits(credits);
  }
}
