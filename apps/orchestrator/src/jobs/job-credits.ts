import { ApplicationFailure } from '@temporalio/common';
import type { JobRef } from '@uno/workflow-contracts';
import { BillingRefused } from '../billing/billing.client.js';
import type { BillingClient } from '../billing/billing.client.js';
import type { Database } from '../database/database.js';
import { appendListEvent } from '../database/list-events.js';
import { sealPage } from '../pages/seal-page.js';
import { inCredits } from '../credits/in-credits.js';
import { enterAsOwner } from './job-lock.js';
import type { Fence } from './job-lock.js';

/** `type` of the failure of a job whose workspace cannot pay for it. */
export const INSUFFICIENT_CREDITS_FAILURE = 'InsufficientCredits';
/** `type` of the failure of a job whose reference was closed at billing before its pages were captured. */
export const HOLD_ENDED_FAILURE = 'HoldEnded';
/** `type` of the failure of a job whose hold or capture billing does not accept as it is. */
export const BILLING_REFUSED_FAILURE = 'BillingRefused';

export interface Money {
  readonly database: Database;
  readonly billing: BillingClient;
}

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

/** The first hold of a job; the next generation follows when one expired. */
const FIRST_HOLD = 1;

/**
 * Holds the job's highest price. A job that costs nothing holds nothing. Idempotent by key.
 * @throws `InsufficientCredits` with nothing held, `HoldEnded` when the reference is closed, `Superseded` when the fence is old
 */
export async function holdCredits(money: Money, by: Fence, ttlSeconds: number): Promise<void> {
  await holdGeneration(money, by, { n: FIRST_HOLD, ttlSeconds });
}

/**
 * Holds generation `n` (rule R5): the row with amount and time is written before the call, and the body is that row, so that
 * whoever comes next (after a crash, or at the same time) asks for the very same. The amount is what the job may still cost:
 * sealed pages that are not captured, open pages, and what is left of its budget.
 */
async function holdGeneration(
  { database, billing }: Money,
  by: Fence,
  { n, ttlSeconds }: { readonly n: number; readonly ttlSeconds: number },
): Promise<void> {
  const key = [by.workspaceId, by.jobId, n];
  const body = await database.inWorkspace(by.workspaceId, async (sql) => {
    await enterAsOwner(sql, by);
    await sql.run(
      `insert into job_hold (workspace_id, job_id, n, amount, ttl_seconds)
       select $1, $2, $3, rest.amount, $4
       from (select max_cost - (select coalesce(sum(amount), 0) from job_page
                                where workspace_id = $1 and job_id = $2 and state = 'captured') as amount
             from job where workspace_id = $1 and id = $2) rest
       where rest.amount > 0 on conflict do nothing`,
      [...key, ttlSeconds],
    );
    return sql.row<{ amount: number; ttlSeconds: number }>(
      'select amount, ttl_seconds as "ttlSeconds" from job_hold where workspace_id = $1 and job_id = $2 and n = $3',
      key,
    );
  });
  if (!body) return;
  const held = await orUndo(billing.hold({ workspaceId: by.workspaceId, jobId: by.jobId, n, ...body }));
  if (held.outcome === 'closed') throw holdEnded();
  if (held.outcome === 'insufficient') throw await refuseForCredits(database, by, { ...held, again: n > FIRST_HOLD });
  await database.inWorkspace(by.workspaceId, async (sql) => {
    const head = await enterAsOwner(sql, by);
    await sql.run('update job_hold set hold_id = $4 where workspace_id = $1 and job_id = $2 and n = $3', [
      ...key,
      held.holdId,
    ]);
    await appendListEvent(sql, by.workspaceId, head.list_id, { jobId: by.jobId });
  });
}

/**
 * Undoes {@link holdCredits}, and any hold of the job that is still on its way: its reference at billing ends for ever. That is
 * true whoever asked for it, so the note of it needs no fence. Idempotent.
 */
export async function releaseHold({ database, billing }: Money, { workspaceId, jobId }: JobRef): Promise<void> {
  await billing.closeReference(workspaceId, jobId);
  await database.inWorkspace(workspaceId, async (sql) => {
    const noted = await sql.row<{ list_id: string }>(
      `update job set credits_released_at = clock_timestamp()
       where workspace_id = $1 and id = $2 and credits_released_at is null returning list_id`,
      [workspaceId, jobId],
    );
    if (noted) await appendListEvent(sql, workspaceId, noted.list_id, { jobId });
  });
}

async function refuseForCredits(
  database: Database,
  by: Fence,
  { required, available, again }: { required: number; available: number; again: boolean },
): Promise<ApplicationFailure> {
  const there = `${available} ${available === 1 ? 'is' : 'are'} available`;
  const message = again
    ? `The credits held for this job expired before it was done. It needs up to ${required} more and ${there}. ` +
      'Grant credits, then fill what is missing.'
    : `This job needs up to ${inCredits(required)} and ${there}. ` +
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
 * @throws `Superseded` when the fence is old, `InsufficientCredits` when the hold expired and cannot be held again,
 * `HoldEnded` when the job's reference is closed
 */
export async function sealAndCapture(money: Money, by: Fence, pageNos: readonly number[]): Promise<void> {
  for (const pageNo of pageNos) await sealPage(money.database, by, pageNo);
  for (const pageNo of pageNos) await capturePage(money, by, pageNo);
}

/** Captures a sealed page. Where the hold expired the page stays sealed, the job holds again and captures from that. */
async function capturePage(money: Money, by: Fence, pageNo: number): Promise<void> {
  const expired = await captureFromLatestHold(money, by, pageNo);
  if (!expired) return;
  await holdGeneration(money, by, { n: expired.n + 1, ttlSeconds: expired.ttlSeconds });
  // From the start, because the job may have been paused or fenced meanwhile.
  if (!(await captureFromLatestHold(money, by, pageNo))) return;
  throw new Error('The hold expired again before its page was captured; the next try holds again');
}

/** @returns undefined when the page is captured, or the hold that expired before */
async function captureFromLatestHold(
  { database, billing }: Money,
  by: Fence,
  pageNo: number,
): Promise<ConfirmedHold | undefined> {
  const sealed = await readManifest(database, by, pageNo);
  if (!sealed) return undefined;
  const { hold, lines } = sealed;
  if (lines.length === 0) {
    await noteCapture(database, by, { pageNo, captureId: null });
    return undefined;
  }
  if (!hold) throw new Error('The job has something to capture but no hold');
  const { holdId, n } = hold;
  const capture = await orUndo(billing.capture({ holdId, n, lines, jobId: by.jobId, pageNo }));
  if (capture.outcome === 'closed') throw holdEnded();
  if (capture.outcome === 'hold_ended') return hold;
  await noteCapture(database, by, { pageNo, captureId: capture.captureId });
  return undefined;
}

/** Notes that a page is paid. `captureId` is null where nothing was to be paid, or the answer to its capture was lost. */
export async function noteCapture(
  database: Database,
  by: Fence,
  { pageNo, captureId }: { readonly pageNo: number; readonly captureId: string | null },
): Promise<void> {
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

interface ConfirmedHold {
  readonly holdId: string;
  readonly n: number;
  readonly ttlSeconds: number;
}

interface SealedPage {
  /** The latest hold that billing confirmed. */
  readonly hold: ConfirmedHold | undefined;
  readonly lines: { cellVersionId: string; amount: number; jobId: string; pageNo: number; columnId: string }[];
}

/** The stored manifest of a sealed page; undefined when the page is captured already. */
async function readManifest(database: Database, by: Fence, pageNo: number): Promise<SealedPage | undefined> {
  return database.inWorkspace(by.workspaceId, async (sql) => {
    const head = await enterAsOwner(sql, by);
    if (head.state === 'paused') throw new Error('The job is paused: nothing is captured now');
    const key = [by.workspaceId, by.jobId];
    const page = await sql.row<{ state: string }>(
      'select state from job_page where workspace_id = $1 and job_id = $2 and page_no = $3',
      [...key, pageNo],
    );
    if (page?.state !== 'sealed') return undefined;
    const hold = await sql.row<ConfirmedHold>(
      `select hold_id as "holdId", n, ttl_seconds as "ttlSeconds" from job_hold
       where workspace_id = $1 and job_id = $2 and hold_id is not null order by n desc limit 1`,
      key,
    );
    const lines = await sql.rows<{ cell_version_id: number; price: number; column_id: string }>(
      `select cell_version_id, price, column_id from capture_line
       where workspace_id = $1 and job_id = $2 and page_no = $3 order by cell_version_id`,
      [...key, pageNo],
    );
    return {
      hold,
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
