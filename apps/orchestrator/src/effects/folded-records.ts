import { MAX_EARLIER_VALUES } from '@uno/workflow-contracts';
import type { EffectTarget } from '@uno/workflow-contracts';
import type { JsonObject, JsonValue } from '../openapi/json.schema.js';
import type { Sql } from '../database/sql.js';

/** Of one reply: a record more, and it may be twice as much. */
const MOST_BYTES = 4 * 1024 * 1024;

/** A record with the first `before`, the last `after` and what was tried between, by property, and where it was written first. */
export interface FoldedRecord {
  readonly record: string;
  readonly service: string;
  readonly pageNo: number;
  readonly rowId: string;
  readonly columnId: string;
  readonly target: EffectTarget;
  /** Null where there was no record. */
  readonly before: JsonObject | null;
  readonly after: JsonObject;
  /** Latest first; null where no property was tried with two values. */
  readonly earlier: Readonly<Record<string, readonly JsonValue[]>> | null;
}

export interface RecordsAsked {
  /** Selects `record` of the wanted ones in their order, one more than `limit`. */
  readonly wanted: string;
  /** `from … where …` of the entries `e` that count. */
  readonly entries: string;
  readonly params: readonly unknown[];
  readonly limit: number;
}

/** Folds the entries of the wanted records, at most {@link MOST_BYTES} of them: a page of records, and where it goes on. */
export async function foldRecords(
  sql: Sql,
  { wanted, entries, params, limit }: RecordsAsked,
): Promise<{ items: FoldedRecord[]; nextCursor: string | null }> {
  const rows = await sql.rows<FoldedRecord & { wanted: number }>(
    `with wanted as materialized (${wanted}),
     entry as materialized (
       select e.record, e.id, e.service_id, e.page_no, e.row_id, e.column_id, e.target, e.before, e.after
       from ${entries} and e.record in (select record from wanted)),
     origin as (select distinct on (record) * from entry order by record, id),
     former as (
       select record, jsonb_object_agg(key, value) as properties from (
         select distinct on (record, p.key) record, p.key, p.value from entry, jsonb_each(before) p
         order by record, p.key, id) oldest group by record),
     tried as (
       select record, p.key, p.value, row_number() over (partition by record, p.key order by max(id) desc) as nth
       from entry, jsonb_each(after) p group by record, p.key, p.value),
     written as (
       select record, jsonb_object_agg(key, value) as properties from tried where nth = 1 group by record),
     superseded as (
       select record, jsonb_object_agg(key, values) as properties from (
         select record, key, jsonb_agg(value order by nth) as values from tried
         where nth between 2 and ${MAX_EARLIER_VALUES + 1} group by record, key) each_property group by record),
     folded as (
       select o.record, o.service_id as service, o.page_no as "pageNo", o.row_id as "rowId", o.column_id as "columnId", o.target,
         case when o.before is not null then coalesce(f.properties, '{}') end as before, coalesce(w.properties, '{}') as after,
         s.properties as earlier
       from origin o left join former f using (record) left join written w using (record)
       left join superseded s using (record)),
     sized as (
       select *, octet_length(concat(before::text, after::text, earlier::text)) as bytes from folded)
     select f.record, f.service, f."pageNo", f."rowId", f."columnId", f.target, f.before, f.after,
       f.earlier,
       (select count(*) from wanted) as wanted
     from (select *, sum(bytes) over (order by record) - bytes as bytes_before from sized) f
     where bytes_before < $${params.length + 1} order by record limit $${params.length + 2}`,
    [...params, MOST_BYTES, limit],
  );
  const last = rows.at(-1);
  const isAll = last === undefined || rows.length === last.wanted;
  return { items: rows.map(({ wanted: _, ...item }) => item), nextCursor: isAll ? null : last.record };
}
