import { ApplicationFailure } from '@temporalio/common';
import { BillingRefused } from '../billing/billing.client.js';
import type { BillingClient, BilledHold } from '../billing/billing.client.js';
import type { Database } from '../database/database.js';
import { appendListEvent } from '../database/list-events.js';
import { sealPage } from '../pages/seal-page.js';
import { restorePage } from '../pages/restore-page.js';
import { enterAsOwner } from './job-lock.js';
import type { Fence } from './job-lock.js';

/** `type` of the failure of a job whose workspace cannot pay for it. */
export const INSUFFICIENT_CREDITS_FAILURE = 'InsufficientCredits';
/** `type` of the failure of a job whose hold ended before its pages were captured. */
export const HOLD_ENDED_FAILURE = 'HoldEnded';
/** `type` of the failure of a job whose hold or capture billing does not accept as it is. */
export const BILLING_REFUSED_FAILURE = 'BillingRefused';

/**
 * Nothing can be held or captured for the job any more. Where that is because somebody else undoes it, the fence says so; else
 * the caller undoes it.
 */
const holdEnded = (): ApplicationFailure =>
  ApplicationFailure.nonRetryable('The credits of the job are not held any more', HOLD_ENDED_FAILURE);

/** A request that billing will never accept is not asked for ever: the job is undone. */
async function orUndo<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof BillingRefused)) throw error;
    throw ApplicationFailure.nonRetryable(error.message, BILLING_REFUSED_FAILURE);
  }
}

/** The first hold of a job; later generations follow only when one expired. */
const FIRST_HOLD = 1;

/**
 * Holds the job's highest price (rule R5): the row with the amount is written before the call, and the body is that row.
 * Idempotent by key. A job that costs nothing holds nothing.
 * @throws `InsufficientCredits` with nothing held, `HoldEnded` when the reference is closed, `Superseded` when the fence is old
 */
export async function holdCredits({ database, billing }: Money, by: Fence, ttlSeconds: number): Promise<void> {
  const body = await database.inWorkspace(by.workspaceId, async (sql) => {
    await enterAsOwner(sql, by);
    await sql.run(
      `insert into job_hold (workspace_id, job_id, n, amount, ttl_seconds)
       select $1, $2, $3, max_cost, $4 from job where workspace_id = $1 and id = $2 and max_cost > 0 on conflict do nothing`,
      [by.workspaceId, by.jobId, FIRST_HOLD, ttlSeconds],
    );
    return sql.row<{ amount: number; ttlSeconds: number }>(
      'select amount, ttl_seconds as "ttlSeconds" from job_hold where workspace_id = $1 and job_id = $2 and n = $3',
      [by.workspaceId, by.jobId, FIRST_HOLD],
    );
  });
  if (!body) return;
  const held = await orUndo(billing.hold({ workspaceId: by.workspaceId, jobId: by.jobId, n: FIRST_HOLD, ...body }));
  if (held.outcome === 'closed') throw holdEnded();
  if (held.outcome === 'insufficient') {
    throw await refuseForCredits(database, by, held);
  }
  await database.inWorkspace(by.workspaceId, async (sql) => {
    const head = await enterAsOwner(sql, by);
    await sql.run('update job_hold set hold_id = $4 where workspace_id = $1 and job_id = $2 and n = $3', [
      by.workspaceId,
      by.jobId,
      FIRST_HOLD,
      held.holdId,
    ]);
    await appendListEvent(sql, by.workspaceId, head.list_id, { jobId: by.jobId });
  });
}

export interface Money {
  readonly database: Database;
  readonly billing: BillingClient;
}

async function refuseForCredits(
  database: Database,
  by: Fence,
  { required, available }: { required: number; available: number },
): Promise<ApplicationFailure> {
  const message =
    `This job needs up to ${required} credits and ${available} are available. ` +
    'Grant credits or lower its maximum, then start it again.';
  await database.inWorkspace(by.workspaceId, async (sql) => {
    await enterAsOwner(sql, by);
    await sql.run('update job set failure = $3 where workspace_id = $1 and id = $2', [
      by.workspaceId,
      by.jobId,
      { code: 'insufficient_credits', message },
    ]);
  });
  return ApplicationFailure.nonRetryable('Not enough credits for the job', INSUFFICIENT_CREDITS_FAILURE);
}

/**
 * Seals the given pages and captures what they filled (rules R3 and R4), page by page; a repeat finds the sealed manifest and
 * the capture that exists.
 * @throws `Superseded` when the fence is old, `HoldEnded` when the hold expired or the job's reference is closed
 */
export async function sealAndCapture(money: Money, by: Fence, pageNos: readonly number[]): Promise<void> {
  for (const pageNo of pageNos) await sealPage(money.database, by, pageNo);
  for (const pageNo of pageNos) await capturePage(money, by, pageNo);
}

async function capturePage({ database, billing }: Money, by: Fence, pageNo: number): Promise<void> {
  const manifest = await readManifest(database, by, pageNo);
  if (!manifest) return;
  let captureId: string | null = null;
  if (manifest.lines.length > 0) {
    const capture = await orUndo(billing.capture({ ...manifest, jobId: by.jobId, pageNo }));
    if (capture.outcome !== 'captured') throw holdEnded();
    captureId = capture.captureId;
  }
  await database.inWorkspace(by.workspaceId, async (sql) => {
    const head = await enterAsOwner(sql, by);
    await sql.run(
      `update job_page set state = 'captured', capture_id = $4, captured_at = clock_timestamp()
       where workspace_id = $1 and job_id = $2 and page_no = $3 and state = 'sealed'`,
      [by.workspaceId, by.jobId, pageNo, captureId],
    );
    await appendListEvent(sql, by.workspaceId, head.list_id, { jobId: by.jobId });
  });
}

interface Manifest {
  readonly holdId: string;
  readonly n: number;
  readonly lines: { cellVersionId: string; amount: number; jobId: string; pageNo: number; columnId: string }[];
}

/** The stored manifest of a sealed page; undefined when the page is captured already. */
async function readManifest(database: Database, by: Fence, pageNo: number): Promise<Manifest | undefined> {
  return database.inWorkspace(by.workspaceId, async (sql) => {
    const head = await enterAsOwner(sql, by);
    if (head.state === 'paused') throw new Error('The job is paused: nothing is captured now');
    const page = await sql.row<{ state: string; hold_id: string | null; n: number | null }>(
      `select p.state, h.hold_id, h.n from job_page p left join lateral (
         select hold_id, n from job_hold where workspace_id = $1 and job_id = $2 and hold_id is not null order by n desc limit 1) h on true
       where p.workspace_id = $1 and p.job_id = $2 and p.page_no = $3`,
      [by.workspaceId, by.jobId, pageNo],
    );
    if (page?.state !== 'sealed') return undefined;
    const lines = await sql.rows<{ cell_version_id: number; price: number; column_id: string }>(
      `select cell_version_id, price, column_id from capture_line
       where workspace_id = $1 and job_id = $2 and page_no = $3 order by cell_version_id`,
      [by.workspaceId, by.jobId, pageNo],
    );
    return {
      holdId: page.hold_id ?? '',
      n: page.n ?? 0,
      lines: lines.map((line) => ({
        cellVersionId: String(line.cell_version_id),
        amount: line.price,
        jobId: by.jobId,
        pageNo,
        columnId: line.column_id,
      })),
    };
  });
}

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
    if (kept.has(page_no)) await keepPage(database, by, page_no);
    else await restorePage(database, by, page_no);
  }
  const last = pages.at(-1);
  return last && pages.length === PAGES_PER_RESTORE ? last.page_no + 1 : null;
}

/** Notes that a page is paid, also where the answer to its capture was lost. */
async function keepPage(database: Database, by: Fence, pageNo: number): Promise<void> {
  await database.inWorkspace(by.workspaceId, async (sql) => {
    const head = await enterAsOwner(sql, by);
    await sql.run(
      `update job_page set state = 'captured', captured_at = clock_timestamp()
       where workspace_id = $1 and job_id = $2 and page_no = $3 and state = 'sealed'`,
      [by.workspaceId, by.jobId, pageNo],
    );
    await appendListEvent(sql, by.workspaceId, head.list_id, { jobId: by.jobId });
  });
}

/** Sealed pages whose whole manifest billing lists as captured (a page with nothing to capture counts as paid). */
async function paidPages({ database, billing }: Money, by: Fence): Promise<Set<number>> {
  const captured = [...netCaptured(await billing.holdsOf(by.workspaceId, by.jobId)).keys()];
  const pages = await database.inWorkspace(by.workspaceId, (sql) =>
    sql.rows<{ page_no: number }>(
      `select page_no from job_page p where workspace_id = $1 and job_id = $2 and state in ('sealed', 'captured')
         and not exists (select 1 from capture_line l where l.workspace_id = $1 and l.job_id = $2 and l.page_no = p.page_no
                         and l.cell_version_id <> all ($3::bigint[]))`,
      [by.workspaceId, by.jobId, captured],
    ),
  );
  return new Set(pages.map(({ page_no }) => page_no));
}

/** Cell versions captured and not refunded, each with the id of its capture, as billing lists them. */
export function netCaptured(holds: readonly BilledHold[]): Map<string, string> {
  const captures = holds.flatMap((hold) => hold.captures).filter(({ refunded }) => !refunded);
  return new Map(captures.flatMap(({ id, cellVersionIds }) => cellVersionIds.map((version) => [version, id] as const)));
}

/**
 * Refunds what billing lists as captured (rule R7), whatever our own rows say: a capture whose answer was lost is refunded
 * too. Under `keep` only captures of pages that were restored. Idempotent by key.
 */
export async function refundCaptures({ database, billing }: Money, by: Fence): Promise<void> {
  const holds = await billing.holdsOf(by.workspaceId, by.jobId);
  const captured = netCaptured(holds);
  // Also what an earlier try of this step refunded: its own note of it may be missing.
  const everCaptured = holds.flatMap(({ captures }) => captures).flatMap(({ cellVersionIds }) => cellVersionIds);
  const restored = await database.inWorkspace(by.workspaceId, (sql) =>
    sql.rows<{ cell_version_id: string }>(
      `select l.cell_version_id::text from capture_line l join job_page p using (workspace_id, job_id, page_no)
       where l.workspace_id = $1 and l.job_id = $2 and p.state = 'restored'`,
      [by.workspaceId, by.jobId],
    ),
  );
  const due = new Set(restored.flatMap(({ cell_version_id }) => captured.get(cell_version_id) ?? []));
  for (const captureId of due) await billing.refund(captureId);
  await database.inWorkspace(by.workspaceId, async (sql) => {
    const head = await enterAsOwner(sql, by);
    await sql.run(
      `update job_page set refunded = true where workspace_id = $1 and job_id = $2 and state = 'restored' and exists (
         select 1 from capture_line l where l.workspace_id = $1 and l.job_id = $2 and l.page_no = job_page.page_no
           and l.cell_version_id::text = any ($3))`,
      [by.workspaceId, by.jobId, everCaptured],
    );
    await appendListEvent(sql, by.workspaceId, head.list_id, { jobId: by.jobId });
  });
}
