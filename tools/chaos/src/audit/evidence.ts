import type { Database } from '../stack/database.js';

/** A cell as the trail saw it; the value is a digest. */
export interface CellState {
  readonly rowId: string;
  readonly columnId: string;
  readonly status: string;
  readonly value: string;
  readonly versionId: number | null;
  readonly edited: boolean;
  readonly jobId: string | null;
  readonly pageNo: number | null;
  readonly formerStatus: string | null;
  readonly formerVersionId: number | null;
}

export interface Change<State> {
  readonly seq: number;
  readonly operation: 'insert' | 'update' | 'delete';
  readonly before: State | null;
  readonly after: State | null;
}

export interface Version {
  readonly id: number;
  readonly rowId: string;
  readonly columnId: string;
  readonly status: string;
  /** Any JSON: text or number of most services, what happened at a company, what became of a record. */
  readonly value: unknown;
  readonly reason: { readonly code?: string; readonly message?: string } | null;
  readonly provenance: { readonly tries?: readonly { readonly provider: string; readonly outcome: string }[] } | null;
  readonly author: 'job' | 'user';
  readonly jobId: string | null;
  readonly pageNo: number | null;
  readonly cost: number;
  readonly madeFrom: number | null;
  readonly restoredAt: string | null;
}

export interface Job {
  readonly id: string;
  readonly state: string;
  readonly listId: string;
  readonly undoMode: 'rollback' | 'keep' | null;
  readonly cells: number;
  readonly maxCost: number;
  readonly columnIds: readonly string[];
  readonly scope: string;
  readonly overwriteEdits: boolean;
  readonly lastRowNo: number;
  readonly rowNos: readonly number[] | null;
  /** Microseconds since 1970. */
  readonly createdAt: number;
  readonly finishedAt: number | null;
  /** When a cancel was acknowledged first. */
  readonly cancelledAt: number | null;
  readonly holds: number;
}

export interface Page {
  readonly jobId: string;
  readonly pageNo: number;
  readonly fromRowNo: number;
  readonly toRowNo: number;
  readonly state: string;
  readonly cells: number;
  readonly claimed: number;
  readonly skippedBy: Readonly<Record<string, number>>;
  readonly openedAt: number;
}

export interface Row {
  readonly id: string;
  readonly rowNo: number;
  readonly deletedAt: number | null;
}

/** One content of a row, by its number. */
export interface EntityVersion {
  readonly rowId: string;
  readonly entityVersion: number;
  readonly entity: Readonly<Record<string, string>>;
}

/** A column, with the references of its config as they are stored. */
export interface EvidentColumn {
  readonly id: string;
  readonly service: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** An entry of the effect journal: written before the write that it names. */
export interface JournalEntry {
  readonly id: number;
  readonly jobId: string;
  readonly rowId: string;
  readonly columnId: string;
  /** Names the record within the workspace. */
  readonly record: string;
  /** Idempotency key of the write. */
  readonly key: string;
  /** The unique value by which the provider finds the record. */
  readonly recordValue: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>>;
}

/** How the revert of a record ended. */
export interface RevertOutcome {
  readonly jobId: string;
  readonly record: string;
  readonly outcome: string;
}

/** All that the laws are judged by, for one workspace: read from both databases, by no code of the product. */
export interface Evidence {
  readonly jobs: readonly Job[];
  readonly pages: readonly Page[];
  readonly rows: readonly Row[];
  readonly versions: readonly Version[];
  readonly entities: readonly EntityVersion[];
  /** In the order in which they happened; of one cell that is the order of their commits. */
  readonly cells: readonly Change<CellState>[];
  /** Changes of versions: there must be none but the mark `restored`. */
  readonly versionChanges: readonly Change<Readonly<Record<string, unknown>>>[];
  readonly jobChanges: readonly Change<{ readonly id: string; readonly state: string }>[];
  readonly pagesOpened: readonly Change<{ readonly jobId: string; readonly pageNo: number }>[];
  /** By id. */
  readonly columns: ReadonlyMap<string, EvidentColumn>;
  /** In the order in which they were written. */
  readonly journal: readonly JournalEntry[];
  readonly outcomes: readonly RevertOutcome[];
  /** Credits ever captured, refunded ones too, by job. */
  readonly capturedCredits: ReadonlyMap<string, number>;
  /** Cell versions captured and not refunded, by the reference of their hold, which is the job. */
  readonly captured: ReadonlyMap<string, ReadonlySet<number>>;
}

const JOBS = `
  select id, state, list_id as "listId", undo_mode as "undoMode", cells, max_cost as "maxCost",
    plan ->> 'scope' as scope, (plan -> 'overwriteEdits')::boolean as "overwriteEdits",
    (plan ->> 'lastRowNo')::integer as "lastRowNo", plan -> 'rowNos' as "rowNos",
    (select jsonb_agg(planned ->> 'id') from jsonb_array_elements(plan -> 'columns') planned) as "columnIds",
    (extract(epoch from created_at) * 1000000)::float8 as "createdAt",
    (extract(epoch from finished_at) * 1000000)::float8 as "finishedAt",
    (select (extract(epoch from min(c.created_at)) * 1000000)::float8 from job_control c
     where c.workspace_id = job.workspace_id and c.job_id = job.id and c.action = 'cancel') as "cancelledAt",
    (select count(*)::integer from job_hold h where h.workspace_id = job.workspace_id and h.job_id = job.id) as holds
  from job where workspace_id = $1 order by created_at`;

const PAGES = `
  select job_id as "jobId", page_no as "pageNo", from_row_no as "fromRowNo", to_row_no as "toRowNo", state, cells, claimed,
    skipped_by as "skippedBy", (extract(epoch from opened_at) * 1000000)::float8 as "openedAt"
  from job_page where workspace_id = $1 order by job_id, page_no`;

const ROWS = `
  select id, row_no as "rowNo", (extract(epoch from deleted_at) * 1000000)::float8 as "deletedAt"
  from list_row where workspace_id = $1 order by row_no`;

const VERSIONS = `
  select id::float8 as id, row_id as "rowId", column_id as "columnId", status, value, reason, provenance, author,
    job_id as "jobId", page_no as "pageNo", cost, made_from as "madeFrom", restored_at::text as "restoredAt"
  from cell_version where workspace_id = $1 order by id`;

const CELL = (side: string): string => `case when ${side} is null then null else jsonb_build_object(
  'rowId', ${side} -> 'row_id', 'columnId', ${side} -> 'column_id', 'status', ${side} -> 'status', 'value', ${side} -> 'value',
  'versionId', ${side} -> 'version_id', 'edited', ${side} -> 'edited', 'jobId', ${side} -> 'job_id',
  'pageNo', ${side} -> 'page_no', 'formerStatus', ${side} -> 'former_status',
  'formerVersionId', ${side} -> 'former_version_id') end`;

const CAPTURED = `
  select h.reference, array_agg(l.cell_version_id::float8) as versions
  from hold h join capture c on c.hold_id = h.id and c.account_id = h.account_id
  join capture_line l on l.capture_id = c.id and l.account_id = c.account_id
  left join refund r on r.capture_id = c.id and r.account_id = c.account_id
  where h.account_id = $1 and r.id is null group by h.reference`;

const CAPTURED_CREDITS = `
  select h.reference, sum(c.amount)::integer as credits from hold h join capture c on c.hold_id = h.id and c.account_id = h.account_id
  where h.account_id = $1 group by h.reference`;

const JOURNAL = `
  select id::float8 as id, job_id as "jobId", row_id as "rowId", column_id as "columnId", record, key,
    target ->> 'value' as "recordValue", before, after
  from effect where workspace_id = $1 order by effect.id`;

const OUTCOMES = `select job_id as "jobId", record, outcome from effect_outcome where workspace_id = $1`;

interface RowRecord {
  readonly id: string;
  readonly entity_version: number;
  readonly entity: Readonly<Record<string, string>>;
}

/** @throws when a database is away. */
export async function readEvidence(app: Database, billing: Database, workspaceId: string): Promise<Evidence> {
  const trail = <State>(kind: string, before: string, after: string): Promise<Change<State>[]> =>
    app.rows(
      `select seq::float8 as seq, operation, ${before} as before, ${after} as after
       from chaos.trail where workspace_id = $1 and kind = $2 order by seq`,
      [workspaceId, kind],
    ) as Promise<Change<State>[]>;
  const key = [workspaceId];
  const entities = await trail<RowRecord>('list_row', 'before', 'after');
  const columns = await app.rows<EvidentColumn>(
    'select id, service_id as service, config from list_column where workspace_id = $1',
    key,
  );
  const credits = await billing.rows<{ reference: string; credits: number }>(CAPTURED_CREDITS, key);
  const captured = await billing.rows<{ reference: string; versions: number[] }>(CAPTURED, key);
  const page = `jsonb_build_object('jobId', after -> 'job_id', 'pageNo', after -> 'page_no')`;
  return {
    jobs: await app.rows<Job>(JOBS, key),
    pages: await app.rows<Page>(PAGES, key),
    rows: await app.rows<Row>(ROWS, key),
    versions: await app.rows<Version>(VERSIONS, key),
    entities: entities.flatMap(({ after }) =>
      after ? [{ rowId: after.id, entityVersion: after.entity_version, entity: after.entity }] : [],
    ),
    cells: await trail<CellState>('cell', CELL('before'), CELL('after')),
    versionChanges: await trail('cell_version', 'before', 'after'),
    jobChanges: await trail('job', 'before', 'after'),
    pagesOpened: await trail('job_page', 'null::jsonb', page),
    columns: new Map(columns.map((column) => [column.id, column])),
    journal: await app.rows<JournalEntry>(JOURNAL, key),
    outcomes: await app.rows<RevertOutcome>(OUTCOMES, key),
    capturedCredits: new Map(credits.map(({ reference, credits: sum }) => [reference, sum])),
    captured: new Map(captured.map(({ reference, versions }) => [reference, new Set(versions)])),
  };
}
