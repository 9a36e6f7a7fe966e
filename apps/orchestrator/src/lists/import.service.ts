import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { encodeTime } from 'ulid';
import { Database } from '../database/database.js';
import { newId } from '../database/ids.js';
import { appendListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import { withIdempotency } from '../idempotency/idempotency.js';
import { guessIdentity } from './guess-identity.js';
import type { ImportReport } from './import.schema.js';
import type { ListRef } from './list-record.js';
import { learnAttributes, lockList, readList } from './list-record.js';
import type { ImportLine } from './read-import.js';
import { ImportReader } from './read-import.js';

const BATCH_LINES = 1_000;
/** The driver holds a batch several times over, as text, escaped and as bytes. */
const BATCH_CHARS = 256 * 1024;
/** Lines that an import left behind when its process was killed are removed by a later one, after so long. */
const ABANDONED_AFTER_MS = 24 * 3_600_000;
const LONGEST_DISCARD_WAIT_MS = 120_000;
const ULID_TIME_LENGTH = 10;

/**
 * Imports a CSV file of any size in bounded memory (rule R2): batches of lines go into a staging table, each in a
 * transaction of its own, and one last transaction numbers the rows and moves them. Nobody sees half an import, and no
 * lock is held while the file is on its way.
 */
@Injectable()
export class ImportService {
  constructor(private readonly database: Database) {}

  /**
   * Idempotent by key, with the file's digest as the request.
   * @throws ProblemError 404, 413, 422; whatever the stream throws when it breaks: then nothing is imported
   */
  async import(ref: ListRef, chunks: AsyncIterable<Uint8Array>, key: string | undefined): Promise<ImportReport> {
    const { workspaceId } = ref;
    await this.database.inWorkspace(workspaceId, async (sql) => {
      await readList(sql, ref);
      const oldest = `imp_${encodeTime(Date.now() - ABANDONED_AFTER_MS, ULID_TIME_LENGTH)}`;
      await sql.run('delete from import_staging where workspace_id = $1 and import_id < $2', [workspaceId, oldest]);
    });
    const importId = newId('imp');
    const reader = new ImportReader();
    const digest = createHash('sha256');
    try {
      await this.#stage(workspaceId, importId, reader.read(digested(chunks, digest)));
      const request = { route: 'POST /v1/lists/:listId/import', listId: ref.listId, sha256: digest.digest('hex') };
      return await this.database.inWorkspace(workspaceId, (sql) =>
        withIdempotency(sql, { workspaceId, key, request, status: 200 }, () => move(sql, ref, { importId, reader })),
      );
    } finally {
      await this.#discard(workspaceId, importId).catch(() => void this.#discardLater(workspaceId, importId));
    }
  }

  async #discard(workspaceId: string, importId: string): Promise<void> {
    await this.database.inWorkspace(workspaceId, (sql) =>
      sql.run('delete from import_staging where workspace_id = $1 and import_id = $2', [workspaceId, importId]),
    );
  }

  /** Postgres went away in the middle: what was staged is removed when it is back. Gives up after a while, see above. */
  async #discardLater(workspaceId: string, importId: string): Promise<void> {
    for (let waitMs = 500; waitMs < LONGEST_DISCARD_WAIT_MS; waitMs *= 2) {
      await setTimeout(waitMs, undefined, { ref: false });
      const done = await this.#discard(workspaceId, importId).then(
        () => true,
        () => false,
      );
      if (done) return;
    }
  }

  async #stage(workspaceId: string, importId: string, lines: AsyncIterable<ImportLine>): Promise<void> {
    let batch: { line: number; entity: string }[] = [];
    let chars = 0;
    const flush = async (): Promise<void> => {
      if (batch.length === 0) return;
      const [numbers, entities] = [batch.map(({ line }) => line), batch.map(({ entity }) => entity)];
      await this.database.inWorkspace(workspaceId, (sql) =>
        sql.run(
          `insert into import_staging (workspace_id, import_id, line_no, entity)
           select $1, $2, line_no, entity::jsonb from unnest($3::integer[], $4::text[]) as l (line_no, entity)`,
          [workspaceId, importId, numbers, entities],
        ),
      );
      batch = [];
      chars = 0;
    };
    for await (const { line, entity } of lines) {
      const text = JSON.stringify(entity);
      batch.push({ line, entity: text });
      chars += text.length;
      if (batch.length >= BATCH_LINES || chars >= BATCH_CHARS) await flush();
    }
    await flush();
  }
}

/** Numbers the staged lines under the list's counter and makes them rows, all at once. */
async function move(
  sql: Sql,
  ref: ListRef,
  { importId, reader }: { readonly importId: string; readonly reader: ImportReader },
): Promise<ImportReport> {
  const { workspaceId, listId } = ref;
  const list = await lockList(sql, ref);
  const { last_row_no, staged } = await sql.one<{ last_row_no: number; staged: number }>(
    `update list_counter set last_row_no = last_row_no + s.staged
     from (select count(*)::integer as staged from import_staging where workspace_id = $1 and import_id = $3) s
     where workspace_id = $1 and list_id = $2 returning last_row_no, s.staged`,
    [workspaceId, listId, importId],
  );
  // A file without one good line, such as one in another encoding, leaves no trace of its header either.
  const names = staged > 0 ? reader.attributes : [];
  const identity = await learnAttributes(sql, ref, list, { names, identity: guessIdentity(names, list.entity_type) });
  // A row's id is the import's with the line's number: unique, and in the order of the file.
  await sql.run(
    `insert into list_row (workspace_id, list_id, id, row_no, entity)
     select $1, $2, 'row_' || substr($3, 5) || lpad(to_hex(line_no), 8, '0'),
            $4::integer + row_number() over (order by line_no), entity
     from import_staging where workspace_id = $1 and import_id = $3`,
    [workspaceId, listId, importId, last_row_no - staged],
  );
  if (staged > 0) await appendListEvent(sql, workspaceId, listId, { structure: true });
  const { rejectedCount, rejected } = reader;
  return { imported: staged, rejectedCount, rejected, identity };
}

async function* digested(
  chunks: AsyncIterable<Uint8Array>,
  digest: { update(chunk: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    digest.update(chunk);
    yield chunk;
  }
}
