import type { Sql } from '../database/sql.js';
import { notFound, unprocessable } from '../problems/problem.error.js';
import type { Identity, ListView } from './list.schema.js';
import { MAX_ATTRIBUTES_PER_LIST } from './list.schema.js';

/** A list as SQL reads it. */
export interface ListRecord {
  readonly id: string;
  readonly name: string;
  readonly entity_type: 'company' | 'contact';
  readonly identity: Identity;
  readonly attributes: readonly string[];
  readonly row_count: number;
  readonly created_at: Date;
}

const COLUMNS = `l.id, l.name, l.entity_type, l.identity, l.attributes, l.created_at,
  (select count(*) from list_row r where r.workspace_id = l.workspace_id and r.list_id = l.id and r.deleted_at is null) as row_count`;

export const toListView = (record: ListRecord): ListView => ({
  id: record.id,
  name: record.name,
  entityType: record.entity_type,
  identity: record.identity,
  attributes: [...record.attributes],
  rowCount: record.row_count,
  createdAt: record.created_at.toISOString(),
});

export interface ListRef {
  readonly workspaceId: string;
  readonly listId: string;
}

/** @throws ProblemError 404 when the list does not exist here */
export async function readList(sql: Sql, { workspaceId, listId }: ListRef): Promise<ListRecord> {
  const found = await sql.row<ListRecord>(
    `select ${COLUMNS} from list l where l.workspace_id = $1 and l.id = $2 and l.deleted_at is null`,
    [workspaceId, listId],
  );
  if (!found) throw notFound('list');
  return found;
}

/** A page of the workspace's lists, newest first, with one more than asked for. */
export async function readLists(
  sql: Sql,
  workspaceId: string,
  page: { readonly limit: number; readonly cursor: string | undefined },
): Promise<ListRecord[]> {
  return sql.rows<ListRecord>(
    `select ${COLUMNS} from list l
     where l.workspace_id = $1 and l.deleted_at is null and ($2::text is null or l.id < $2) order by l.id desc limit $3`,
    [workspaceId, page.cursor ?? null, page.limit + 1],
  );
}

export type LockedList = Pick<ListRecord, 'id' | 'entity_type' | 'identity' | 'attributes'>;

/**
 * Locks the list against other changes of its structure, as the first lock of a transaction. A job is accepted under
 * `for share` of the same row, so a list or column that a job is about to use cannot vanish meanwhile. Stronger locks
 * than `for no key update` would wait for the foreign keys of live events, and so could deadlock.
 * @throws ProblemError 404
 */
export async function lockList(sql: Sql, { workspaceId, listId }: ListRef): Promise<LockedList> {
  const found = await sql.row<LockedList>(
    `select id, entity_type, identity, attributes from list
     where workspace_id = $1 and id = $2 and deleted_at is null for no key update`,
    [workspaceId, listId],
  );
  if (!found) throw notFound('list');
  return found;
}

/** Whether a job that is not final yet works on the list, or on one column of it. Ask under {@link lockList}. */
export async function isInLiveJob(sql: Sql, { workspaceId, listId }: ListRef, columnId?: string): Promise<boolean> {
  const { live } = await sql.one<{ live: boolean }>(
    `select exists (select from job where workspace_id = $1 and list_id = $2
       and state not in ('completed', 'failed', 'cancelled')
       and ($3::text is null or jsonb_path_exists(plan, 'strict $.** ? (@ == $column)', jsonb_build_object('column', $3::text))))
     as live`,
    [workspaceId, listId, columnId ?? null],
  );
  return live;
}

/**
 * Adds the names of attributes that the list has not seen yet, and an identity where it has none. Needs {@link lockList}.
 * @throws ProblemError 422 `too_many_attributes`
 */
export async function learnAttributes(
  sql: Sql,
  ref: ListRef,
  list: LockedList,
  { names, identity }: { readonly names: readonly string[]; readonly identity: Identity },
): Promise<Identity> {
  const attributes = [...new Set([...list.attributes, ...names])];
  const known = Object.keys(list.identity).length > 0 ? list.identity : identity;
  if (attributes.length > MAX_ATTRIBUTES_PER_LIST) {
    throw unprocessable('too_many_attributes', '', `A list has at most ${MAX_ATTRIBUTES_PER_LIST} attributes.`);
  }
  if (attributes.length > list.attributes.length || known !== list.identity) {
    await sql.run('update list set attributes = $3, identity = $4 where workspace_id = $1 and id = $2', [
      ref.workspaceId,
      ref.listId,
      attributes,
      JSON.stringify(known),
    ]);
  }
  return known;
}
