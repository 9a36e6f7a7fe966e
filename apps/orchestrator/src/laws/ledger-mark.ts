import type { Database } from '../database/database.js';
import type { LedgerMark } from './ledger-fold.js';

/** Up to where a workspace's ledger was folded, if it ever was. */
export async function readLedgerMark(database: Database, workspaceId: string): Promise<LedgerMark | undefined> {
  return database.inWorkspace(workspaceId, (sql) =>
    sql.row<LedgerMark>(
      `select entry_id::text as "entryId", digest, granted, available, held, spent from ledger_mark where workspace_id = $1`,
      [workspaceId],
    ),
  );
}

/** Moves the mark forward, or notes that it was looked at; one that is further already stays. */
export async function writeLedgerMark(database: Database, workspaceId: string, mark: LedgerMark): Promise<void> {
  await database.inWorkspace(workspaceId, (sql) =>
    sql.run(
      `insert into ledger_mark (workspace_id, entry_id, digest, granted, available, held, spent)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (workspace_id) do update set entry_id = excluded.entry_id, digest = excluded.digest,
         granted = excluded.granted, available = excluded.available, held = excluded.held, spent = excluded.spent, marked_at = now()
       where ledger_mark.entry_id <= excluded.entry_id`,
      [workspaceId, mark.entryId, mark.digest, mark.granted, mark.available, mark.held, mark.spent],
    ),
  );
}
