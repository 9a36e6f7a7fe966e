import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type {
  AuditEntry,
  CaptureAudit,
  CapturePage,
  CapturesQuery,
  LedgerPage,
  LedgerQuery,
  OpenHold,
  OpenHoldPage,
  OpenHoldsQuery,
  ReferenceAudit,
} from './audit.schema.js';

/** The idempotency keys whose answers name an effect. */
const keysOf = (id: string): string => `coalesce((
  select json_agg(r.key order by r.key) from idempotent_request r where r.account_id = $1 and r.answer ->> 'id' = ${id}), '[]'::json)`;

/** What the ledger posted under a condition, by kind of entry. */
const postedOf = (condition: string): string => `coalesce((
  select json_object_agg(kind, total) from (
    select e.kind, sum(e.amount) as total from entry e where ${condition} group by e.kind) posted), '{}'::json)`;

/**
 * Reads the ledger as it is stored, for whoever checks it. Nothing here is derived by the code that writes: postings, holds,
 * captures, refunds and answers come as rows, so that the reader can fold and compare them itself. Each call is one
 * statement, and so one snapshot.
 */
@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  /**
   * Entries get their ids under the account's lock, so within an account the order of ids is the order of commits.
   * Undefined where there is no such account.
   */
  async ledger(accountId: string, { after, limit }: LedgerQuery): Promise<LedgerPage | undefined> {
    const found = await this.database.pool.query<{ account: LedgerPage['account']; items: AuditEntry[] }>(
      `with page as (select e.id, e.kind, e.amount, e.reference, e.hold_id, e.capture_id, h.reference as hold_reference
         from entry e left join hold h on h.id = e.hold_id and h.account_id = e.account_id
         where e.account_id = $1 and e.id > $2 order by e.id limit $3 + 1)
       select json_build_object('granted', a.granted, 'available', a.available, 'held', a.held, 'spent', a.spent,
           'openHolds', (select coalesce(sum(h.amount - h.captured), 0) from hold h where h.account_id = a.id and h.state = 'open')
         ) as account,
         coalesce((select json_agg(json_build_object('id', page.id::text, 'kind', page.kind, 'amount', page.amount,
           'reference', page.reference, 'holdId', page.hold_id, 'holdReference', page.hold_reference, 'captureId', page.capture_id,
           'postings', coalesce((select json_agg(json_build_object('bucket', p.bucket, 'amount', p.amount) order by p.bucket)
                                 from posting p where p.entry_id = page.id), '[]'::json),
           'keys', case when page.kind = 'grant' then ${keysOf('page.id::text')} else '[]'::json end
         ) order by page.id) from page), '[]'::json) as items
       from account a where a.id = $1`,
      [accountId, after, limit],
    );
    const row = found.rows[0];
    return row && { account: row.account, ...cut(row.items, limit) };
  }

  async reference(accountId: string, reference: string): Promise<ReferenceAudit> {
    const found = await this.database.pool.query<ReferenceAudit>(
      `select (select json_agg(c.closed_at) ->> 0 from closed_reference c where c.account_id = $1 and c.reference = $2) as "closedAt",
         coalesce((select json_agg(json_build_object('id', h.id, 'amount', h.amount, 'captured', h.captured,
           'released', h.released, 'expired', h.expired, 'state', h.state, 'keys', ${keysOf('h.id')},
           'posted', ${postedOf('e.hold_id = h.id')},
           'endings', (select count(*) from entry e where e.hold_id = h.id and e.kind in ('release', 'expire'))
         ) order by h.created_at, h.id) from hold h where h.account_id = $1 and h.reference = $2), '[]'::json) as holds`,
      [accountId, reference],
    );
    return found.rows[0] ?? { closedAt: null, holds: [] };
  }

  async captures(accountId: string, reference: string, { after, limit }: CapturesQuery): Promise<CapturePage> {
    const found = await this.database.pool.query<CaptureAudit>(
      `select c.id, c.hold_id as "holdId", c.amount,
         coalesce((select c.created_at > r.closed_at from closed_reference r where r.account_id = $1 and r.reference = $2),
           false) as "afterClose",
         ${keysOf('c.id')} as keys,
         ${postedOf('e.hold_id = c.hold_id and e.capture_id = c.id')} as posted,
         coalesce((select json_agg(json_build_object('id', f.id, 'amount', f.amount, 'keys', ${keysOf('f.id')}) order by f.id)
                   from refund f where f.capture_id = c.id), '[]'::json) as refunds,
         coalesce((select json_agg(json_build_object('cellVersionId', l.cell_version_id, 'amount', l.amount))
                   from capture_line l where l.capture_id = c.id), '[]'::json) as lines
       from capture c join hold h on h.id = c.hold_id
       where h.account_id = $1 and h.reference = $2 and c.id > $3 order by c.id limit $4`,
      [accountId, reference, after ?? '', limit + 1],
    );
    return cut(found.rows, limit);
  }

  async openHolds({ accountId, olderThanSeconds, limit, cursor }: OpenHoldsQuery): Promise<OpenHoldPage> {
    const found = await this.database.pool.query<OpenHold>(
      `select id, account_id as "accountId", reference, amount, captured,
         extract(epoch from clock_timestamp() - created_at)::float8 as "ageSeconds" from hold
       where state = 'open' and id > $1 and ($2::text is null or account_id = $2)
         and created_at <= clock_timestamp() - make_interval(secs => $3) order by id limit $4`,
      [cursor ?? '', accountId ?? null, olderThanSeconds, limit + 1],
    );
    return cut(found.rows, limit);
  }
}

/** One row more than asked for says that there is another page. */
function cut<T extends { readonly id: string }>(rows: readonly T[], limit: number) {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
