import { prepared } from './sql.js';
import type { Sql } from './sql.js';

/** What a transaction changed, named but not spelled out: the values are read when the event is pushed. */
export interface ListEvent {
  readonly rowIds?: readonly string[];
  /** With `rowIds`: all their cells in these columns may have changed. */
  readonly columnIds?: readonly string[];
  /** A job whose state or totals changed. */
  readonly jobId?: string;
  /** Rows or columns were added, removed or renamed: clients fetch the structure again. */
  readonly structure?: true;
}

const APPEND = prepared(
  `with next as (
     update list_sequence set seq = seq + 1 where workspace_id = $1 and list_id = $2 returning seq)
   insert into list_event (workspace_id, list_id, seq, payload) select $1, $2, seq, $3::jsonb from next`,
);

/**
 * Appends the list event of a transaction. It must be the LAST statement: it locks the list's sequence until the commit,
 * so that commit order is sequence order.
 */
export async function appendListEvent(sql: Sql, workspaceId: string, listId: string, event: ListEvent): Promise<void> {
  await sql.run(APPEND, [workspaceId, listId, JSON.stringify(event)]);
}
