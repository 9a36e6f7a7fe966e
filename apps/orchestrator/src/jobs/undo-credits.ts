import type { BilledHold } from '../billing/billing.client.js';
import type { Database } from '../database/database.js';
import { appendListEvent } from '../database/list-events.js';
import { restorePage } from '../pages/restore-page.js';
import { noteCapture } from './job-credits.js';
import type { Money } from './job-credits.js';
import { enterAsOwner } from './job-lock.js';
import type { Fence } from './job-lock.js';

/** Pages restored by one activity at most: it reports after so many and is called again. */
const PAGES_PER_RESTORE = 100;

/**
 * Restores the job's pages from `fromPage` on (rule R7). Under `keep` pages that billing lists as captured stay and stay
 * paid; the hold must be closed before, so that the list is complete.
 * @returns the page to go on from, or null when all are done
 */
export async function restorePages(
  { database, billing }: Money,
  by: Fence,
  { mode, fromPage }: { readonly mode: 'rollback' | 'keep'; readonly fromPage: number },
): Promise<number | null> {
  const kept = mode === 'keep' ? await paidPages({ database, billing }, by) : new Set<number>();
  const pages = await database.inWorkspace(by.workspaceId, (sql) =>
    sql.rows<{ page_no: number }>(
      `select page_no from job_page where workspace_id = $1 and job_id = $2 and page_no >= $3 and state <> 'restored'
       order by page_no limit $4`,
      [by.workspaceId, by.jobId, fromPage, PAGES_PER_RESTORE],
    ),
  );
  for (const { page_no } of pages) {
    if (kept.has(page_no)) await noteCapture(database, by, { pageNo: page_no, captureId: null });
    else await restorePage(database, by, page_no);
  }
  const last = pages.at(-1);
  return last && pages.length === PAGES_PER_RESTORE ? last.page_no + 1 : null;
}

/** Sealed pages whose whole manifest billing lists as captured (a page with nothing to capture counts as paid). */
async function paidPages({ database, billing }: Money, by: Fence): Promise<Set<number>> {
  const paidLines = new Map<number, number>();
  for await (const holds of billing.holdPages(by.workspaceId, by.jobId)) {
    const standing = capturesOf(holds).filter(({ refunded }) => !refunded);
    for (const { pageNo, versions } of await pagesOf(database, by, versionsOf(standing))) {
      paidLines.set(pageNo, (paidLines.get(pageNo) ?? 0) + versions.length);
    }
  }
  const pages = await database.inWorkspace(by.workspaceId, (sql) =>
    sql.rows<{ page_no: number; lines: number }>(
      `select page_no, (select count(*) from capture_line l
                        where l.workspace_id = $1 and l.job_id = $2 and l.page_no = p.page_no) as lines
       from job_page p where workspace_id = $1 and job_id = $2 and state in ('sealed', 'captured')`,
      [by.workspaceId, by.jobId],
    ),
  );
  return new Set(pages.filter(({ page_no, lines }) => lines === (paidLines.get(page_no) ?? 0)).map((p) => p.page_no));
}

type BilledCapture = BilledHold['captures'][number];

const capturesOf = (holds: readonly BilledHold[]): BilledCapture[] => holds.flatMap(({ captures }) => captures);

/** Ids of cell versions, as they are ours: what else somebody had captured under the job's reference is not. */
const versionsOf = (captures: readonly BilledCapture[]): string[] =>
  captures.flatMap(({ cellVersionIds }) => cellVersionIds).filter((id) => /^\d{1,18}$/.test(id));

/** The job's pages that the cell versions are on, and which of them are on it. */
async function pagesOf(
  database: Database,
  by: Fence,
  versions: readonly string[],
  state?: 'restored',
): Promise<{ pageNo: number; versions: string[] }[]> {
  if (versions.length === 0) return [];
  return database.inWorkspace(by.workspaceId, (sql) =>
    sql.rows<{ pageNo: number; versions: string[] }>(
      `select l.page_no as "pageNo", array_agg(l.cell_version_id::text) as versions
       from capture_line l join job_page p using (workspace_id, job_id, page_no)
       where l.workspace_id = $1 and l.job_id = $2 and l.cell_version_id = any ($3::bigint[])
         and ($4::text is null or p.state = $4) group by l.page_no`,
      [by.workspaceId, by.jobId, versions, state ?? null],
    ),
  );
}

/**
 * Refunds what billing lists as captured (rule R7), whatever our own rows say: a capture whose answer was lost is refunded
 * too. Under `keep` only captures of pages that were restored. Idempotent by key.
 */
export async function refundCaptures({ database, billing }: Money, by: Fence): Promise<void> {
  for await (const holds of billing.holdPages(by.workspaceId, by.jobId)) {
    const captures = capturesOf(holds);
    // Also those that an earlier try of this step refunded: its own note of it may be missing.
    const restored = await pagesOf(database, by, versionsOf(captures), 'restored');
    const due = new Set(restored.flatMap(({ versions }) => versions));
    for (const { id, refunded, cellVersionIds } of captures) {
      if (!refunded && cellVersionIds.some((version) => due.has(version))) await billing.refund(id);
    }
    await noteRefunds(
      database,
      by,
      restored.map(({ pageNo }) => pageNo),
    );
  }
}

async function noteRefunds(database: Database, by: Fence, pageNos: readonly number[]): Promise<void> {
  if (pageNos.length === 0) return;
  await database.inWorkspace(by.workspaceId, async (sql) => {
    const head = await enterAsOwner(sql, by);
    await sql.run(
      `update job_page set refunded = true
       where workspace_id = $1 and job_id = $2 and state = 'restored' and page_no = any ($3)`,
      [by.workspaceId, by.jobId, pageNos],
    );
    await appendListEvent(sql, by.workspaceId, head.list_id, { jobId: by.jobId });
  });
}
