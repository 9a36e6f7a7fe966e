import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { Database } from '../database/database.js';
import { CreditsFeed } from './credits-feed.js';
import { ListTicker } from './list-ticker.js';
import type { Subscriber } from './list-ticker.js';
import type { Credits, RowWindow } from './live-messages.js';
import { LookTimer } from './look-timer.js';
import type { Look } from './look-timer.js';

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
  readonly #timer = new LookTimer(
    () => this.#look(),
    (error) => this.#logger.warn(`Live updates are delayed: ${error instanceof Error ? error.name : 'unknown error'}`),
  );

  constructor(
    private readonly database: Database,
    private readonly credits: CreditsFeed,
  ) {}

  subscribe(subscriber: Subscriber, { workspaceId, listId, window, fromSeq }: Subscription): void {
    const ticker = this.#tickers.get(listId) ?? new ListTicker(this.database, workspaceId, listId);
    this.#tickers.set(listId, ticker);
    ticker.subscribe(subscriber, window, fromSeq);
    this.#timer.now();
  }

  /** Moves a subscriber's window, which is answered by a snapshot. False if it does not watch that list. */
  moveWindow(subscriber: Subscriber, listId: string, window: RowWindow): boolean {
    const ticker = this.#tickers.get(listId);
    if (!ticker?.has(subscriber)) return false;
    ticker.subscribe(subscriber, window);
    this.#timer.now();
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
    if (this.#tickers.size > 0) this.#timer.soon();
  }

  onModuleDestroy(): void {
    this.#timer.stop();
    this.#tickers.clear();
  }

  async #look(): Promise<Look> {
    const rows = await this.database.acrossWorkspaces<{ list_id: string; seq: number }>(
      'select list_id, seq from list_heads($1)',
      [[...this.#tickers.keys()]],
    );
    const heads = new Map(rows.map(({ list_id, seq }) => [list_id, seq]));
    const due = [...this.#tickers.values()].filter((ticker) => ticker.isDue(heads.get(ticker.listId)));
    const moved = await Promise.all(due.map((ticker) => this.#turn(ticker)));
    if (this.#tickers.size === 0) return 'nobody';
    return moved.includes(true) ? 'news' : 'quiet';
  }

  /** @returns whether the list had gone on. */
  async #turn(ticker: ListTicker): Promise<boolean> {
    const { moved, jobs } = await ticker.turn();
    if (jobs) this.credits.touch(ticker.workspaceId, (credits) => this.#sendCredits(ticker.workspaceId, credits));
    if (ticker.empty) this.#tickers.delete(ticker.listId);
    return moved;
  }

  #sendCredits(workspaceId: string, credits: Credits): void {
    for (const ticker of this.#tickers.values()) if (ticker.workspaceId === workspaceId) ticker.sendCredits(credits);
  }
}
