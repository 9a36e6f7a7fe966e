import type { Database } from '../database/database.js';
import { appendListEvent } from '../database/list-events.js';
import type { Sql } from '../database/sql.js';
import { FINAL_STATES, readJobHead, shareJobLock } from '../jobs/job-lock.js';
import type { JsonValue } from '../openapi/json.schema.js';
import { conflict } from '../problems/problem.error.js';
import type { CellRef } from './read-cell.js';
import { readEntityVersion } from './read-cell.js';

const MAX_TRIES = 5;

/** The cell was claimed between looking and locking: the locks must be taken again, in their order. */
class ClaimedMeanwhile extends Error {}

interface Claim {
  readonly job_id: string;
  readonly page_no: number;
}

/**
 * Writes a user's value. A running job never overwrites it: where the cell is pending under a job, the edit takes it away
 * from the job, which counts it as skipped.
 * @throws ProblemError 404; 409 `cell_busy` when jobs claim the cell again and again meanwhile
 */
export async function editCell(database: Database, ref: CellRef, value: JsonValue): Promise<void> {
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    try {
      await database.inWorkspace(ref.workspaceId, (sql) => edit(sql, ref, value));
      return;
    } catch (error) {
      if (!(error instanceof ClaimedMeanwhile)) throw error;
    }
  }
  throw conflict('cell_busy', 'Jobs are working on this cell just now. Try again.', { retryAfterSeconds: 1 });
}

async function edit(sql: Sql, ref: CellRef, value: JsonValue): Promise<void> {
  const entityVersion = await readEntityVersion(sql, ref);
  const expected = await readClaim(sql, ref);
  if (expected) await lockClaim(sql, ref, expected);
  const claim = await lockCell(sql, ref);
  if (claim?.job_id !== expected?.job_id || claim?.page_no !== expected?.page_no) {
    // Settled meanwhile is fine, the locks were only more than needed; claimed by another job is not.
    if (claim) throw new ClaimedMeanwhile();
  }
  if (claim) await countAsSkipped(sql, ref, claim);
  await writeVersion(sql, ref, { value, entityVersion });
  await appendListEvent(sql, ref.workspaceId, ref.listId, {
    rowIds: [ref.rowId],
    columnIds: [ref.columnId],
    ...(claim && { jobId: claim.job_id }),
  });
}

/** The job under whose claim the cell is pending, if any; a claim ends with its job. */
async function readClaim(sql: Sql, ref: CellRef): Promise<Claim | undefined> {
  return sql.row<Claim>(
    `select c.job_id, c.page_no from cell c join job j on j.workspace_id = c.workspace_id and j.id = c.job_id
     where c.workspace_id = $1 and c.row_id = $2 and c.column_id = $3 and c.status = 'pending' and j.state <> all ($4)`,
    [ref.workspaceId, ref.rowId, ref.columnId, FINAL_STATES],
  );
}

/** Job, then page, then cell: the order of every writer (rule R11). */
async function lockClaim(sql: Sql, ref: CellRef, claim: Claim): Promise<void> {
  await shareJobLock(sql, claim.job_id);
  await sql.run('select from job_page where workspace_id = $1 and job_id = $2 and page_no = $3 for no key update', [
    ref.workspaceId,
    claim.job_id,
    claim.page_no,
  ]);
}

/** Locks the cell, making it if it was never touched, and tells under which live claim it is pending. */
async function lockCell(sql: Sql, ref: CellRef): Promise<Claim | undefined> {
  await sql.run(
    'insert into cell (workspace_id, row_id, column_id, list_id) values ($1, $2, $3, $4) on conflict do nothing',
    [ref.workspaceId, ref.rowId, ref.columnId, ref.listId],
  );
  const cell = await sql.one<{ status: string; job_id: string | null; page_no: number | null }>(
    'select status, job_id, page_no from cell where workspace_id = $1 and row_id = $2 and column_id = $3 for update',
    [ref.workspaceId, ref.rowId, ref.columnId],
  );
  if (cell.status !== 'pending' || cell.job_id === null || cell.page_no === null) return undefined;
  const job = await readJobHead(sql, { workspaceId: ref.workspaceId, jobId: cell.job_id });
  if (!job || FINAL_STATES.includes(job.state)) return undefined;
  return { job_id: cell.job_id, page_no: cell.page_no };
}

async function countAsSkipped(sql: Sql, ref: CellRef, claim: Claim): Promise<void> {
  await sql.run(
    `update job_page set skipped = skipped + 1, skipped_by = add_counts(skipped_by, '{"edited": 1}')
     where workspace_id = $1 and job_id = $2 and page_no = $3`,
    [ref.workspaceId, claim.job_id, claim.page_no],
  );
}

async function writeVersion(
  sql: Sql,
  ref: CellRef,
  { value, entityVersion }: { readonly value: JsonValue; readonly entityVersion: number },
): Promise<void> {
  await sql.run(
    `with version as (
       insert into cell_version (workspace_id, list_id, row_id, column_id, status, value, author, made_from)
       values ($1, $2, $3, $4, 'filled', $5, 'user', $6) returning id)
     update cell set status = 'filled', value = $5, version_id = version.id, reason = null, edited = true,
       made_from = $6, updated_at = now()
     from version where workspace_id = $1 and row_id = $3 and column_id = $4`,
    [ref.workspaceId, ref.listId, ref.rowId, ref.columnId, JSON.stringify(value), entityVersion],
  );
}
