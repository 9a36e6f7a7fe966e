import type pg from 'pg';
import type { Exchange } from './run-schedule.js';

/**
 * The laws of money as statements over the tables: each finds what breaks a law of the account $1. They read the data
 * and call nothing of the code that they check.
 */
const LAWS: Readonly<Record<string, string>> = {
  'L1 granted = available + held + spent': `
    select a.* from account a where a.id = $1 and granted <> available + held + spent`,
  'L2 no balance is negative': `
    select a.* from account a where a.id = $1 and least(granted, available, held, spent) < 0`,
  'L3 an entry sums to zero and moves its amount': `
    select e.id from entry e left join posting p on p.entry_id = e.id where e.account_id = $1
    group by e.id having coalesce(sum(p.amount), 1) <> 0 or sum(abs(p.amount)) <> 2 * e.amount`,
  'L3 a balance is the fold of its postings': `
    select a.id from account a left join posting p on p.account_id = a.id where a.id = $1 group by a.id
    having (a.granted, a.available, a.held, a.spent) is distinct from (
      coalesce(-sum(p.amount) filter (where bucket = 'granted'), 0), coalesce(sum(p.amount) filter (where bucket = 'available'), 0),
      coalesce(sum(p.amount) filter (where bucket = 'held'), 0), coalesce(sum(p.amount) filter (where bucket = 'spent'), 0))`,
  'L3 held is what the open holds have left': `
    select a.id from account a left join hold h on h.account_id = a.id and h.state = 'open' where a.id = $1 group by a.id
    having a.held <> coalesce(sum(h.amount - h.captured), 0)`,
  'L3 spent is what was captured and not refunded': `
    select a.id from account a left join capture c on c.account_id = a.id and not exists (select from refund r where r.capture_id = c.id)
    where a.id = $1 group by a.id having a.spent <> coalesce(sum(c.amount), 0)`,
  'L4 a hold ends once, and its end accounts for all of it': `
    select h.id from hold h left join entry e on e.hold_id = h.id and e.kind in ('release', 'expire') where h.account_id = $1
    group by h.id
    having (h.state <> 'open' and h.captured + h.released + h.expired <> h.amount)
      or (h.state = 'open' and (h.released + h.expired <> 0 or h.captured > h.amount))
      or count(e.id) > 1 or coalesce(sum(e.amount), 0) <> h.released + h.expired`,
  'L4 what a hold captured is what its captures and the ledger say': `
    select h.id from hold h where h.account_id = $1 and (
      h.captured <> (select coalesce(sum(c.amount), 0) from capture c where c.hold_id = h.id)
      or h.captured <> (select coalesce(sum(e.amount), 0) from entry e where e.hold_id = h.id and e.kind = 'capture')
      or h.amount <> (select coalesce(sum(e.amount), 0) from entry e where e.hold_id = h.id and e.kind = 'hold'))`,
  'L4 no hold is open under a closed reference': `
    select h.id from hold h join closed_reference c using (account_id, reference) where h.account_id = $1 and h.state = 'open'`,
  'L7 nothing is held or captured after the close of its reference': `
    select h.id from hold h join closed_reference r using (account_id, reference)
    left join capture c on c.hold_id = h.id
    where h.account_id = $1 and greatest(h.created_at, c.created_at) > r.closed_at`,
  'L6 a cell version is captured once': `
    select cell_version_id from capture_line where account_id = $1 group by cell_version_id having count(*) > 1`,
  'L6 a capture costs what its lines cost': `
    select c.id from capture c left join capture_line l on l.capture_id = c.id where c.account_id = $1
    group by c.id having c.amount <> coalesce(sum(l.amount), 0) or c.line_count <> count(l.cell_version_id)`,
  'L8 refunds never exceed their capture': `
    select c.id from capture c where c.account_id = $1 and (
      c.amount < (select coalesce(sum(r.amount), 0) from refund r where r.capture_id = c.id)
      or (select coalesce(sum(r.amount), 0) from refund r where r.capture_id = c.id)
        <> (select coalesce(sum(e.amount), 0) from entry e where e.capture_id = c.id and e.kind = 'refund'))`,
};

const STATEMENT = Object.values(LAWS)
  .map((statement, index) => `select ${index} as law where exists (${statement})`)
  .join(' union all ');

/** The laws that the account breaks in one snapshot. */
export async function brokenLaws(pool: pg.Pool, account: string): Promise<string[]> {
  const broken = await pool.query<{ law: number }>(STATEMENT, [account]);
  const names = Object.keys(LAWS);
  return broken.rows.map(({ law }) => names[law] ?? String(law));
}

/** A digest of all ledger lines of an account up to an entry: it must never change. */
export async function ledgerDigest(
  pool: pg.Pool,
  account: string,
  upTo = '9223372036854775807',
): Promise<{ last: string; digest: string }> {
  const found = await pool.query<{ last: string; digest: string }>(
    `select coalesce(max(e.id), 0)::text as last, md5(string_agg(concat_ws('|', e, p), ',' order by e.id, p.bucket)) as digest
     from entry e join posting p on p.entry_id = e.id where e.account_id = $1 and e.id <= $2`,
    [account, upTo],
  );
  return found.rows[0] ?? { last: '0', digest: '' };
}

/** What breaks L5 (at most one effect per key: same body, same answer; other body, 422) in what callers were told. */
export async function brokenAnswers(pool: pg.Pool, account: string, exchanges: readonly Exchange[]): Promise<string[]> {
  const broken = exchanges
    .filter(({ error }) => error !== undefined)
    .map(({ kind, error }) => `${kind} failed: ${error}`);
  const stored = await pool.query<{ key: string; status: number; answer: string }>(
    'select key, status, answer::text from idempotent_request where account_id = $1',
    [account],
  );
  const answers = new Map(stored.rows.map((row) => [row.key, row]));
  const requests = new Map<string, string>();
  const effects = new Map<string, Set<string>>();
  for (const { kind, key, request, status, code, answer, error } of exchanges) {
    if (error !== undefined || code === 'request_running' || code === 'crashed') {
      continue;
    }
    const row = answers.get(key);
    if (code === 'idempotency_key_reused') {
      broken.push(...(row === undefined ? [`L5 ${key} was refused as used, but is not`] : []));
      continue;
    }
    if (row?.status !== status || row.answer !== answer) {
      broken.push(`L5 ${key} was answered ${status} ${answer}, stored is ${row?.status} ${row?.answer}`);
    }
    if ((requests.get(key) ?? request) !== request) {
      broken.push(`L5 ${key} was answered for "${request}" and for "${requests.get(key)}"`);
    }
    requests.set(key, request);
    if (status === 201) {
      effects.set(kind, (effects.get(kind) ?? new Set()).add(key));
    }
  }
  const counted = await pool.query<Record<string, number>>(
    `select (select count(*)::int from entry where account_id = $1 and kind = 'grant') as "grant",
       (select count(*)::int from hold where account_id = $1) as hold,
       (select count(*)::int from capture where account_id = $1) as capture,
       (select count(*)::int from refund where account_id = $1) as refund`,
    [account],
  );
  for (const [kind, count] of Object.entries(counted.rows[0] ?? {})) {
    if (count !== (effects.get(kind)?.size ?? 0)) {
      broken.push(`L5 ${count} effects of kind ${kind} for ${effects.get(kind)?.size ?? 0} keys`);
    }
  }
  return broken;
}
