import { ATTRIBUTE_REFERENCE } from '@uno/workflow-contracts';
import type { OpenRow, Reference } from '@uno/workflow-contracts';
import type { Sql } from '../database/sql.js';
import type { Fence } from '../jobs/job-lock.js';
import type { Plan, PlannedColumn, PlannedStep } from '../jobs/plan.js';

/** What one reply holds of rows: it ends with the row before this is exceeded, but there is one at least. */
export const MAX_BYTES_PER_REPLY = 8 * 1024 * 1024;

export interface StepOfPage {
  readonly by: Fence;
  readonly pageNo: number;
  readonly step: PlannedStep;
  readonly columns: readonly PlannedColumn[];
  readonly identity: Plan['identity'];
}

interface RowRecord {
  readonly row_id: string;
  readonly column_ids: string[];
  /** Of the attributes that were asked for, in their order. */
  readonly attributes: readonly Values[string][];
  readonly cells: Values;
  readonly memory: OpenRow['memory'] | null;
  readonly total: number;
}

type Values = OpenRow['inputs'];

/**
 * Notes beside each open cell of which versions of other cells its value will be made, once: a later reader may be given newer
 * ones, and then the value is taken for stale rather than for fresh. Before the values are read, for the same reason.
 */
export async function noteInputs(sql: Sql, { by, pageNo, columns }: StepOfPage): Promise<void> {
  const uses = columns.flatMap(({ id, dependsOn }) => dependsOn.map((input) => ({ id, input })));
  if (uses.length === 0) return;
  await sql.run(
    `with open as materialized (
       select row_id, column_id from cell
       where workspace_id = $1 and job_id = $2 and page_no = $3 and status = 'pending' and column_id = any ($4)
         and claimed_inputs is null
       order by row_id, column_id for update),
     versions as materialized (
       select o.row_id, o.column_id, jsonb_object_agg(used.input, i.version_id) as inputs
       from open o join unnest($4::text[], $5::text[]) as used (column_id, input) on used.column_id = o.column_id
       left join cell i on i.workspace_id = $1 and i.row_id = o.row_id and i.column_id = used.input
       group by o.row_id, o.column_id)
     update cell c set claimed_inputs = v.inputs
     from versions v where c.workspace_id = $1 and c.row_id = v.row_id and c.column_id = v.column_id`,
    [by.workspaceId, by.jobId, pageNo, uses.map(({ id }) => id), uses.map(({ input }) => input)],
  );
}

/** Values by column of row `r`; of a cell that another job fills at the moment, the former one. */
const CELLS_OF_ROW = `(
  select coalesce(jsonb_object_agg(i.column_id, i.value), '{}') from cell i
  where i.workspace_id = $1 and i.row_id = r.id and i.column_id = any ($5)
    and 'filled' in (i.status, case i.status when 'pending' then i.former_status end))`;

/** The open rows of a step in their order, as many as one reply takes, with all that their configs name. */
export async function readOpenRows(sql: Sql, page: StepOfPage): Promise<{ rows: OpenRow[]; more: boolean }> {
  const { by, pageNo, step, columns, identity } = page;
  const references = [...new Set(columns.flatMap((column) => Object.keys(column.references)))];
  const isAttribute = (reference: Reference): boolean => reference.startsWith(ATTRIBUTE_REFERENCE);
  const attributes = [
    ...Object.entries(identity).map(([part, name]) => ({ part, name })),
    ...references.filter(isAttribute).map((part) => ({ part, name: part.slice(ATTRIBUTE_REFERENCE.length) })),
  ];
  // The cells first, by their index: joined the other way round, a planner that guesses reads all open cells for each row.
  const records = await sql.rows<RowRecord>(
    `with open as materialized (
       select row_id, array_agg(column_id) as column_ids from cell
       where workspace_id = $1 and job_id = $2 and page_no = $3 and status = 'pending' and column_id = any ($4)
       group by row_id),
     told as materialized (
       select r.row_no, r.id as row_id, o.column_ids,
         to_jsonb(array[${attributes.map((_, no) => `r.entity -> $${no + 9}::text`).join()}]::jsonb[]) as attributes,
         case when cardinality($5::text[]) > 0 then ${CELLS_OF_ROW} else '{}' end as cells,
         (select m.memory from row_memory m where m.workspace_id = $1 and m.row_id = r.id and m.service_id = $6
            and m.identity_digest = identity_digest(r.entity, $7::jsonb)) as memory
       from open o join list_row r on r.workspace_id = $1 and r.id = o.row_id
       where r.deleted_at is null),
     weighed as (
       select *, count(*) over () as total, row_number() over (order by row_no) as place,
         sum(octet_length(attributes::text) + octet_length(cells::text) + 64 * cardinality(column_ids)) over (order by row_no) as bytes
       from told)
     select row_id, column_ids, attributes, cells, memory, total from weighed
     where place = 1 or bytes <= $8 order by row_no`,
    [
      by.workspaceId,
      by.jobId,
      pageNo,
      columns.map(({ id }) => id),
      references.filter((reference) => !isAttribute(reference)),
      step.serviceId,
      JSON.stringify(identity),
      MAX_BYTES_PER_REPLY,
      ...attributes.map(({ name }) => name),
    ],
  );
  const rows = records.map((record): OpenRow => {
    const known = filled(Object.fromEntries(attributes.map(({ part }, no) => [part, record.attributes[no] ?? null])));
    const named = { ...pick(known, isAttribute), ...filled(record.cells) };
    const identified = pick(known, (part) => !isAttribute(part) && typeof known[part] !== 'boolean');
    return {
      rowId: record.row_id,
      columnIds: record.column_ids,
      inputs: step.inputs === 'identity' ? { ...identified, ...named } : named,
      identity: identified,
      memory: record.memory ?? {},
    };
  });
  return { rows, more: (records[0]?.total ?? 0) > rows.length };
}

const pick = (values: Values, keep: (name: string) => boolean): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => keep(name)));

/** Without what is blank. */
const filled = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && (typeof value !== 'string' || value.trim() !== '')),
  );
