import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';

const FORGET_EVERY_MS = 3_600_000;

/**
 * Forgets live events that are older than a day; a client that returns later gets a snapshot. Every replica does it: a
 * second one finds nothing left.
 */
@Injectable()
export class EventRetention implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger('Live');
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.forget(), FORGET_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Safe to repeat; a failure waits for the next hour. */
  async forget(): Promise<void> {
    try {
      await this.database.acrossWorkspaces('select forget_old_list_events()');
    } catch (error) {
      this.#logger.warn(`Old live events were not forgotten: ${error instanceof Error ? error.name : 'unknown error'}`);
    }
  }
}
