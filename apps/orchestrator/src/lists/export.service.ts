import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { csvRecord } from './csv/csv-cell.js';
import type { ListRef } from './list-record.js';
import { readList } from './list-record.js';
import { readRows } from './row-window.js';

const MAX_ROWS_PER_READ = 1_000;
/** A portion has one row at least, so one that is larger comes alone. */
const BYTES_PER_READ = 512 * 1024;

export interface Export {
  readonly fileName: string;
  readonly lines: AsyncIterable<string>;
}

/** The grid as CSV: attributes first, then columns. */
@Injectable()
export class ExportService {
  constructor(private readonly database: Database) {}

  /**
   * Reads as fast as the lines are taken. Each read is a transaction of its own, so a slow reader holds no connection;
   * rows that change meanwhile appear as they are when their turn comes.
   * @throws ProblemError 404, before the first line
   */
  async export(ref: ListRef): Promise<Export> {
    const { attributes, columns } = await this.database.inWorkspace(ref.workspaceId, async (sql) => ({
      attributes: (await readList(sql, ref)).attributes,
      columns: await sql.rows<{ id: string; name: string }>(
        `select id, name from list_column where workspace_id = $1 and list_id = $2 and deleted_at is null
         order by position, id`,
        [ref.workspaceId, ref.listId],
      ),
    }));
    return { fileName: `${ref.listId}.csv`, lines: this.#lines(ref, attributes, columns) };
  }

  async *#lines(
    ref: ListRef,
    attributes: readonly string[],
    columns: readonly { readonly id: string; readonly name: string }[],
  ): AsyncGenerator<string> {
    yield csvRecord([...attributes, ...columns.map(({ name }) => name)]);
    for (let fromRowNo = 1; ;) {
      const span = { fromRowNo, limit: MAX_ROWS_PER_READ, maxBytes: BYTES_PER_READ };
      const rows = await this.database.inWorkspace(ref.workspaceId, (sql) => readRows(sql, ref, span), {
        snapshot: true,
      });
      const last = rows.at(-1);
      if (!last) return;
      yield rows
        .map(({ entity, cells }) =>
          csvRecord([
            ...attributes.map((name) => ownValue(entity, name)),
            ...columns.map(({ id }) => cells[id]?.value),
          ]),
        )
        .join('');
      fromRowNo = last.rowNo + 1;
    }
  }
}

/** An attribute may have any name, `__proto__` too. */
const ownValue = (entity: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(entity, name) ? entity[name] : undefined;
