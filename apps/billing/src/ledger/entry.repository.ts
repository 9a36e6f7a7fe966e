import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Entry } from '../generated/prisma/client.js';
import type { EntriesQuery, EntryPage, EntryView } from './entry.schema.js';

/** Reads the ledger of an account. */
@Injectable()
export class EntryRepository {
  constructor(private readonly database: Database) {}

  /**
   * A page of the ledger, newest first. Entries get their ids under the account's lock, so within an account the order
   * of ids is the order of commits and no page misses a line that came late.
   */
  async page(accountId: string, { limit, cursor }: EntriesQuery): Promise<EntryPage> {
    const found = await this.database.prisma.entry.findMany({
      where: { accountId, ...(cursor === undefined ? {} : { id: { lt: BigInt(cursor) } }) },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    const items = found.slice(0, limit).map(toView);
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }
}

function toView(entry: Entry): EntryView {
  return {
    id: String(entry.id),
    at: entry.at.toISOString(),
    kind: entry.kind,
    amount: Number(entry.amount),
    ...(entry.reference === null ? {} : { reference: entry.reference }),
    ...(entry.jobId === null ? {} : { jobId: entry.jobId }),
    ...(entry.pageNo === null ? {} : { pageNo: entry.pageNo }),
    ...(entry.columnId === null ? {} : { columnId: entry.columnId }),
    ...(entry.captureId === null ? {} : { captureId: entry.captureId }),
    ...(entry.holdId === null ? {} : { holdId: entry.holdId }),
    ...(entry.note === null ? {} : { note: entry.note }),
  };
}
