import type { Queryable } from '../database/database.js';
import type { HoldState, HoldView, HoldWithCaptures } from './hold.schema.js';

interface HoldRow {
  readonly id: string;
  readonly account_id: string;
  readonly reference: string;
  readonly amount: number;
  readonly captured: number;
  readonly released: number;
  readonly expired: number;
  readonly state: HoldState;
  readonly expires_at: Date;
}

const COLUMNS = 'id, account_id, reference, amount, captured, released, expired, state, expires_at';

/** Sets credits aside in the table of holds; the ledger lines are the caller's. */
export async function insertHold(
  connection: Queryable,
  hold: { readonly id: string; readonly accountId: string; readonly reference: string; readonly amount: number },
  ttlSeconds: number,
): Promise<HoldView> {
  const inserted = await connection.query<HoldRow>(
    `insert into hold (id, account_id, reference, amount, expires_at)
     values ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))
     returning ${COLUMNS}`,
    [hold.id, hold.accountId, hold.reference, hold.amount, ttlSeconds],
  );
  return only(inserted.rows);
}

/** Reads a hold, or nothing where there is none with this id. */
export async function findHold(connection: Queryable, holdId: string): Promise<HoldView | undefined> {
  const found = await connection.query<HoldRow>(`select ${COLUMNS} from hold where id = $1`, [holdId]);
  return found.rows[0] && toView(found.rows[0]);
}

/** Moves the end of an open hold to `ttlSeconds` from now. It is never moved back, so a late repeat does no harm. */
export async function extendHold(connection: Queryable, holdId: string, ttlSeconds: number): Promise<HoldView> {
  const updated = await connection.query<HoldRow>(
    `update hold set expires_at = greatest(expires_at, clock_timestamp() + make_interval(secs => $2))
     where id = $1 returning ${COLUMNS}`,
    [holdId, ttlSeconds],
  );
  return only(updated.rows);
}

/** Counts credits of an open hold as captured. */
export async function addCaptured(connection: Queryable, holdId: string, amount: number): Promise<void> {
  await connection.query('update hold set captured = captured + $2 where id = $1', [holdId, amount]);
}

/** Ends every open hold of a reference. */
export async function releaseHolds(connection: Queryable, accountId: string, reference: string): Promise<HoldView[]> {
  const released = await connection.query<HoldRow>(
    `update hold set state = 'released', released = amount - captured, ended_at = clock_timestamp()
     where account_id = $1 and reference = $2 and state = 'open' returning ${COLUMNS}`,
    [accountId, reference],
  );
  return released.rows.map(toView);
}

/** All holds of a reference, ended ones too, oldest first. */
export async function listHolds(connection: Queryable, accountId: string, reference: string): Promise<HoldView[]> {
  const found = await connection.query<HoldRow>(
    `select ${COLUMNS} from hold where account_id = $1 and reference = $2 order by created_at, id`,
    [accountId, reference],
  );
  return found.rows.map(toView);
}

/** Where a list of captures goes on: after this capture of this hold, or after a hold that has none. */
export interface HoldsPosition {
  readonly holdId: string;
  readonly captureId: string;
}

/**
 * Holds of a reference with up to `limit` captures, in one snapshot and in the order of their ids, which is that of their
 * making. A hold with many captures is on several pages, each time as it is by then.
 */
export async function listHoldsWithCaptures(
  connection: Queryable,
  { accountId, reference }: { readonly accountId: string; readonly reference: string },
  { after, limit }: { readonly after: HoldsPosition | undefined; readonly limit: number },
): Promise<{ holds: HoldWithCaptures[]; next: HoldsPosition | undefined }> {
  const found = await connection.query<HoldRow & { capture: HoldWithCaptures['captures'][number] | null }>(
    `select ${COLUMNS}, case when capture_id is not null then json_build_object(
         'id', capture_id, 'amount', capture_amount,
         'refunded', exists (select from refund r where r.capture_id = page.capture_id),
         'cellVersionIds', coalesce((select json_agg(l.cell_version_id order by l.cell_version_id)
                                     from capture_line l where l.capture_id = page.capture_id), '[]'::json)) end as capture
     from (
       select h.*, c.id as capture_id, c.amount as capture_amount from hold h left join capture c on c.hold_id = h.id
       where h.account_id = $1 and h.reference = $2
         and ($3::text is null or (h.id, coalesce(c.id, '')) > ($3, $4))
       order by h.id, c.id limit $5 + 1) page
     order by id, capture_id`,
    [accountId, reference, after?.holdId ?? null, after?.captureId ?? null, limit],
  );
  const rows = found.rows.slice(0, limit);
  const last = found.rows.length > limit ? rows.at(-1) : undefined;
  const holds = new Map<string, HoldView & { captures: HoldWithCaptures['captures'][number][] }>();
  for (const row of rows) {
    const hold = holds.get(row.id) ?? { ...toView(row), captures: [] };
    if (row.capture !== null) hold.captures.push(row.capture);
    holds.set(row.id, hold);
  }
  return { holds: [...holds.values()], next: last && { holdId: last.id, captureId: last.capture?.id ?? '' } };
}

/** Whether the reference has ended. */
export async function isClosed(connection: Queryable, accountId: string, reference: string): Promise<boolean> {
  const found = await connection.query('select from closed_reference where account_id = $1 and reference = $2', [
    accountId,
    reference,
  ]);
  return found.rowCount !== 0;
}

/** Ends the reference for ever, whatever holds it has. A repeat changes nothing. */
export async function closeReference(connection: Queryable, accountId: string, reference: string): Promise<void> {
  await connection.query(
    'insert into closed_reference (account_id, reference) values ($1, $2) on conflict do nothing',
    [accountId, reference],
  );
}

function toView(row: HoldRow): HoldView {
  return {
    id: row.id,
    accountId: row.account_id,
    reference: row.reference,
    amount: row.amount,
    captured: row.captured,
    released: row.released,
    expired: row.expired,
    state: row.state,
    expiresAt: row.expires_at.toISOString(),
  };
}

function only(rows: readonly HoldRow[]): HoldView {
  const [row] = rows;
  if (row === undefined) {
    throw new Error('a hold that was just written is not there');
  }
  return toView(row);
}
