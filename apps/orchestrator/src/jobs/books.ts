import { z } from 'zod';
import type { BilledHold, BillingClient } from '../billing/billing.client.js';
import { alteredCells } from '../cells/altered-cell.js';
import { inCredits } from '../credits/in-credits.js';
import type { Database } from '../database/database.js';
import { STILL_TO_REVERT } from '../effects/effect-record.js';
import { FINAL_STATES } from './job-lock.js';
import { jobView } from './job-request.js';
import type { JobView } from './job-request.js';

export const booksView = z
  .object({
    closed: z.boolean(),
    state: jobView.shape.state.describe('Books of a job that is not final are never closed'),
    openHolds: z.number().int(),
    pendingCells: z.number().int(),
    openReverts: z
      .number()
      .int()
      .describe(
        'Records at providers that the undo of the job has still to take back; `GET /v1/jobs/{jobId}/effects?outcome=open` lists them',
      ),
    capturedCells: z.number().int(),
    billableFilledCells: z.number().int(),
    differences: z.array(
      z.object({
        kind: z.string(),
        detail: z.string(),
        cellVersionId: z.string().optional(),
        rowId: z.string().optional(),
        columnId: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Books' });
export type Books = z.infer<typeof booksView>;
type Difference = Books['differences'][number];

/** Differences shown at most; more would hide the first ones. */
const MAX_DIFFERENCES = 100;

interface OurSide {
  readonly state: JobView['state'];
  readonly pending: number;
  readonly openReverts: number;
  readonly billable: ReadonlyMap<string, { price: number; rowId: string; columnId: string }>;
  /** Amounts of the holds that billing confirmed to us, by their id there. */
  readonly holds: ReadonlyMap<string, number>;
  readonly faults: readonly Difference[];
}

/**
 * Recomputes a job's books from both databases: its own cell versions and cells, and billing's holds and captures. Reads
 * only, and does not use the counters and states it judges. Undefined: no such job.
 */
export async function readBooks(
  database: Database,
  billing: BillingClient,
  job: { readonly workspaceId: string; readonly jobId: string },
): Promise<Books | undefined> {
  const ours = await readOurSide(database, job);
  if (!ours) return undefined;
  const holds = await billing.holdsOf(job.workspaceId, job.jobId);
  const captured = new Set(
    holds.flatMap(({ captures }) => captures.filter(({ refunded }) => !refunded)).flatMap((one) => one.cellVersionIds),
  );
  const openHolds = holds.filter(({ state }) => state === 'open').length;
  const differences = [...compareSets(ours, captured), ...compareAmounts(ours, holds), ...ours.faults];
  const isFinal = FINAL_STATES.includes(ours.state);
  const isOpen = openHolds > 0 || ours.pending > 0 || ours.openReverts > 0;
  return {
    closed: isFinal && !isOpen && differences.length === 0,
    state: ours.state,
    openHolds,
    pendingCells: ours.pending,
    openReverts: ours.openReverts,
    capturedCells: captured.size,
    billableFilledCells: ours.billable.size,
    differences: differences.slice(0, MAX_DIFFERENCES),
  };
}

/** The captured cell versions and the billable ones must be the same set, not only as many (law L6). */
function compareSets(ours: OurSide, captured: ReadonlySet<string>): Difference[] {
  const unpaid = [...ours.billable].filter(([id]) => !captured.has(id));
  const unfounded = [...captured].filter((id) => !ours.billable.has(id));
  return [
    ...unpaid.map(([cellVersionId, { rowId, columnId }]) => ({
      kind: 'filled_not_captured',
      detail: 'The cell is filled and billable, but billing lists no capture for it',
      cellVersionId,
      rowId,
      columnId,
    })),
    ...unfounded.map((cellVersionId) => ({
      kind: 'captured_not_filled',
      detail: 'Billing lists a capture, but this job has no billable filled cell for it',
      cellVersionId,
    })),
  ];
}

/** Each capture costs what its cells cost, and a hold that ended ended whole (law L4). */
function compareAmounts(ours: OurSide, holds: readonly BilledHold[]): Difference[] {
  const differences: Difference[] = [];
  const billed = new Map(holds.map(({ id, amount }) => [id, amount]));
  for (const [id, amount] of ours.holds) {
    const theirs = billed.get(id);
    if (theirs === undefined) {
      differences.push({ kind: 'hold_missing', detail: `Hold ${id} of ${inCredits(amount)} is unknown to billing` });
    } else if (theirs !== amount) {
      differences.push({
        kind: 'hold_amount',
        detail: `Hold ${id} is ${inCredits(amount)} here and ${theirs} at billing`,
      });
    }
  }
  for (const hold of holds) {
    const spent = hold.captures.reduce((sum, { amount }) => sum + amount, 0);
    if (spent !== hold.captured) {
      differences.push({
        kind: 'hold_captured_amount',
        detail: `Hold ${hold.id} says ${inCredits(hold.captured)} captured, its captures add up to ${spent}`,
      });
    }
    if (hold.state !== 'open' && hold.captured + hold.released + hold.expired !== hold.amount) {
      differences.push({
        kind: 'hold_not_whole',
        detail: `Hold ${hold.id} of ${hold.amount} ended with ${hold.captured} captured, ${hold.released} released, ${hold.expired} expired`,
      });
    }
    for (const { id, amount, refunded, cellVersionIds } of hold.captures) {
      if (refunded) continue;
      const price = cellVersionIds.reduce((sum, version) => sum + (ours.billable.get(version)?.price ?? 0), 0);
      if (price === amount) continue;
      differences.push({
        kind: 'capture_amount',
        detail: `Capture ${id} is ${inCredits(amount)}, the cells it pays for cost ${price}`,
      });
    }
  }
  return differences;
}

async function readOurSide(
  database: Database,
  { workspaceId, jobId }: { workspaceId: string; jobId: string },
): Promise<OurSide | undefined> {
  return database.inWorkspace(
    workspaceId,
    async (sql) => {
      const job = await sql.row<{ state: JobView['state'] }>(
        'select state from job where workspace_id = $1 and id = $2',
        [workspaceId, jobId],
      );
      if (!job) return undefined;
      const { pending } = await sql.one<{ pending: number }>(
        `select count(*) as pending from cell where workspace_id = $1 and job_id = $2 and status = 'pending'`,
        [workspaceId, jobId],
      );
      const { openReverts } = await sql.one<{ openReverts: number }>(
        `select count(distinct e.record) as "openReverts" from ${STILL_TO_REVERT}`,
        [workspaceId, jobId],
      );
      const versions = await sql.rows<{ id: string; price: number; row_id: string; column_id: string }>(
        `select v.id::text, coalesce((select (col ->> 'price')::integer from job j, jsonb_array_elements(j.plan -> 'columns') col
           where j.workspace_id = $1 and j.id = $2 and col ->> 'id' = v.column_id), 0) as price, v.row_id, v.column_id
         from cell_version v where v.workspace_id = $1 and v.job_id = $2 and v.author = 'job' and v.status = 'filled' and v.restored_at is null`,
        [workspaceId, jobId],
      );
      const altered = await alteredCells(sql, { workspaceId, jobId }, { limit: MAX_DIFFERENCES });
      const holds = await sql.rows<{ hold_id: string; amount: number }>(
        'select hold_id, amount from job_hold where workspace_id = $1 and job_id = $2 and hold_id is not null',
        [workspaceId, jobId],
      );
      return {
        state: job.state,
        pending,
        openReverts,
        billable: new Map(
          versions
            .filter(({ price }) => price > 0)
            .map(({ id, price, row_id, column_id }) => [id, { price, rowId: row_id, columnId: column_id }]),
        ),
        holds: new Map(holds.map(({ hold_id, amount }) => [hold_id, amount])),
        faults: altered.map(({ rowId, columnId, id }) => ({
          kind: 'cell_altered',
          detail: 'The cell does not show the state and value of its latest version',
          cellVersionId: id,
          rowId,
          columnId,
        })),
      };
    },
    { snapshot: true },
  );
}
