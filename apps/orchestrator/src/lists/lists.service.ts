import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { newId } from '../database/ids.js';
import { appendListEvent } from '../database/list-events.js';
import { withIdempotency } from '../idempotency/idempotency.js';
import type { PageQuery } from '../openapi/paging.schema.js';
import { toPage } from '../openapi/paging.schema.js';
import { conflict, unprocessable } from '../problems/problem.error.js';
import type { ListRef, LockedList } from './list-record.js';
import { isInLiveJob, lockList, readList, readLists, toListView } from './list-record.js';
import type { Identity, ListChange, ListPage, ListView, NewList } from './list.schema.js';

/** Lists of companies and contacts. */
@Injectable()
export class ListsService {
  constructor(private readonly database: Database) {}

  /** Makes an empty list. Idempotent by key. */
  async create(workspaceId: string, body: NewList, key: string | undefined): Promise<ListView> {
    return this.database.inWorkspace(workspaceId, (sql) =>
      withIdempotency(sql, { workspaceId, key, request: { route: 'POST /v1/lists', body } }, async () => {
        const listId = newId('lst');
        await sql.run('insert into list (workspace_id, id, name, entity_type, identity) values ($1, $2, $3, $4, $5)', [
          workspaceId,
          listId,
          body.name,
          body.entityType,
          JSON.stringify(body.identity ?? {}),
        ]);
        await sql.run('insert into list_counter (workspace_id, list_id) values ($1, $2)', [workspaceId, listId]);
        await sql.run('insert into list_sequence (workspace_id, list_id) values ($1, $2)', [workspaceId, listId]);
        return toListView(await readList(sql, { workspaceId, listId }));
      }),
    );
  }

  /** The workspace's lists, newest first. */
  async page(workspaceId: string, { limit, cursor }: PageQuery): Promise<ListPage> {
    const found = await this.database.inWorkspace(workspaceId, (sql) => readLists(sql, workspaceId, { limit, cursor }));
    return toPage(found, limit, { view: toListView, cursorOf: (list) => list.id });
  }

  /** @throws ProblemError 404 */
  async read(ref: ListRef): Promise<ListView> {
    return this.database.inWorkspace(ref.workspaceId, async (sql) => toListView(await readList(sql, ref)));
  }

  /**
   * Renames the list or corrects which attributes identify an entity.
   * @throws ProblemError 404; 422 `unknown_attribute`
   */
  async change(ref: ListRef, change: ListChange): Promise<ListView> {
    return this.database.inWorkspace(ref.workspaceId, async (sql) => {
      const list = await lockList(sql, ref);
      const identity = change.identity && resolveIdentity(change.identity, list);
      await sql.run(
        'update list set name = coalesce($3, name), identity = coalesce($4, identity) where workspace_id = $1 and id = $2',
        [ref.workspaceId, ref.listId, change.name ?? null, identity ? JSON.stringify(identity) : null],
      );
      const view = toListView(await readList(sql, ref));
      await appendListEvent(sql, ref.workspaceId, ref.listId, { structure: true });
      return view;
    });
  }

  /**
   * Hides the list and all that is in it; versions and ledger stay.
   * @throws ProblemError 404; 409 `list_in_use`
   */
  async remove(ref: ListRef): Promise<void> {
    await this.database.inWorkspace(ref.workspaceId, async (sql) => {
      await lockList(sql, ref);
      if (await isInLiveJob(sql, ref)) {
        throw conflict('list_in_use', 'A job is still working on this list. Cancel it or wait until it has ended.');
      }
      await sql.run('update list set deleted_at = clock_timestamp() where workspace_id = $1 and id = $2', [
        ref.workspaceId,
        ref.listId,
      ]);
      await appendListEvent(sql, ref.workspaceId, ref.listId, { structure: true });
    });
  }
}

/** Names of attributes are found whatever their case; a list without rows does not know its attributes yet. */
function resolveIdentity(wanted: Identity, list: LockedList): Identity {
  if (list.attributes.length === 0) return wanted;
  const entries = Object.entries(wanted).map(([part, name = '']) => {
    const found =
      list.attributes.find((attribute) => attribute === name) ??
      list.attributes.find((attribute) => attribute.toLowerCase() === name.toLowerCase());
    if (found === undefined) {
      const known = list.attributes.join(', ');
      throw unprocessable('unknown_attribute', `/identity/${part}`, `No such attribute. The list has: ${known}.`);
    }
    return [part, found] as const;
  });
  return Object.fromEntries(entries);
}
