import type { Queryable } from '../database/database.js';
import type { CaptureLineBody } from './capture.schema.js';

/** The lines of a request that nobody paid yet. */
export interface OpenLines {
  readonly amount: number;
  readonly count: number;
}

/** A capture together with what its lines cost per job, page and column. */
export interface LineGroup {
  readonly amount: number;
  readonly jobId?: string;
  readonly pageNo?: number;
  readonly columnId?: string;
}

/** Counts the lines that the account has not paid yet, and what they cost. */
export async function countOpenLines(
  connection: Queryable,
  accountId: string,
  lines: readonly CaptureLineBody[],
): Promise<OpenLines> {
  const counted = await connection.query<OpenLines>(
    `select coalesce(sum(line.amount), 0)::bigint as amount, count(*) as count
     from unnest($2::text[], $3::bigint[]) as line (id, amount)
     where not exists (select from capture_line paid where paid.account_id = $1 and paid.cell_version_id = line.id)`,
    [accountId, lines.map((line) => line.cellVersionId), lines.map((line) => line.amount)],
  );
  return counted.rows[0] ?? { amount: 0, count: 0 };
}

/**
 * Writes a capture and those of its lines that were not paid yet, set-based.
 * @returns the number of lines written.
 */
export async function insertCapture(
  connection: Queryable,
  capture: { readonly id: string; readonly accountId: string; readonly holdId: string },
  open: OpenLines,
  lines: readonly CaptureLineBody[],
): Promise<number> {
  const written = await connection.query(
    `with capture as (
       insert into capture (id, account_id, hold_id, amount, line_count, already_captured)
       values ($2, $1, $3, $4, $5, $6)
     )
     insert into capture_line (account_id, cell_version_id, capture_id, amount, job_id, page_no, column_id, attributes)
     select $1, line.id, $2, line.amount, line.job_id, line.page_no, line.column_id, line.attributes::json
     from unnest($7::text[], $8::bigint[], $9::text[], $10::integer[], $11::text[], $12::text[])
       as line (id, amount, job_id, page_no, column_id, attributes)
     where not exists (select from capture_line paid where paid.account_id = $1 and paid.cell_version_id = line.id)`,
    [
      capture.accountId,
      capture.id,
      capture.holdId,
      open.amount,
      open.count,
      lines.length - open.count,
      lines.map((line) => line.cellVersionId),
      lines.map((line) => line.amount),
      lines.map((line) => line.jobId ?? null),
      lines.map((line) => line.pageNo ?? null),
      lines.map((line) => line.columnId ?? null),
      lines.map(attributesOf),
    ],
  );
  return written.rowCount ?? 0;
}

/** What the lines of a capture cost, by job, page and column: the lines that its ledger entries show. */
export async function groupLines(connection: Queryable, captureId: string): Promise<LineGroup[]> {
  const grouped = await connection.query<{ line: LineGroup }>(
    `select json_strip_nulls(json_build_object(
       'amount', sum(amount), 'jobId', job_id, 'pageNo', page_no, 'columnId', column_id)) as line
     from capture_line where capture_id = $1
     group by job_id, page_no, column_id
     order by job_id, page_no, column_id`,
    [captureId],
  );
  return grouped.rows.map((row) => row.line);
}

/** Where a capture belongs, or nothing where there is none with this id. */
export async function findCapture(
  connection: Queryable,
  captureId: string,
): Promise<
  | { readonly accountId: string; readonly holdId: string; readonly amount: number; readonly reference: string }
  | undefined
> {
  const found = await connection.query<{ accountId: string; holdId: string; amount: number; reference: string }>(
    `select c.account_id as "accountId", c.hold_id as "holdId", c.amount, h.reference
     from capture c join hold h on h.id = c.hold_id where c.id = $1`,
    [captureId],
  );
  return found.rows[0];
}

/**
 * Writes the refund of a capture.
 * @returns false where the capture was refunded before.
 */
export async function insertRefund(
  connection: Queryable,
  refund: { readonly id: string; readonly accountId: string; readonly captureId: string; readonly amount: number },
): Promise<boolean> {
  const written = await connection.query(
    `insert into refund (id, account_id, capture_id, amount) values ($1, $2, $3, $4)
     on conflict (capture_id) do nothing`,
    [refund.id, refund.accountId, refund.captureId, refund.amount],
  );
  return written.rowCount === 1;
}

/** The members of a line that the ledger has no column for. */
function attributesOf(line: CaptureLineBody): string | null {
  const { cellVersionId: _id, amount: _amount, jobId: _job, pageNo: _page, columnId: _column, ...rest } = line;
  return Object.keys(rest).length === 0 ? null : JSON.stringify(rest);
}
