export type EntityType = 'company' | 'contact';
export type Scalar = string | number | boolean | null;
export type JsonValue = Scalar | JsonValue[] | { [key: string]: JsonValue };

export interface Identity {
  readonly name?: string;
  readonly domain?: string;
  readonly email?: string;
}

export interface List {
  readonly id: string;
  readonly name: string;
  readonly entityType: EntityType;
  readonly identity: Identity;
  readonly attributes: readonly string[];
  readonly rowCount: number;
  readonly createdAt: string;
}

export interface ImportResult {
  readonly imported: number;
  readonly rejectedCount: number;
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  readonly identity: Identity;
}

export interface Service {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly entityTypes: readonly EntityType[];
  readonly returns: string;
  readonly price: number;
  readonly capabilities: { readonly batch: boolean; readonly revert: boolean; readonly approval: boolean };
  /** JSON Schema of a column's config. */
  readonly config: { readonly [key: string]: JsonValue };
  readonly online: boolean;
  readonly lastSeenAt: string;
}

export interface Column {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly config: { readonly [key: string]: JsonValue };
}

export type CellStatus = 'blank' | 'pending' | 'filled' | 'not_found' | 'error' | 'skipped' | 'awaiting_approval';

export interface CellReason {
  readonly code: string;
  readonly message: string;
}

export interface Cell {
  readonly status: CellStatus;
  /** While the status is `pending` this is still the former value. */
  readonly value: JsonValue;
  readonly stale: boolean;
  readonly version: number | null;
  readonly edited?: boolean;
  readonly reason?: CellReason | null;
}

export interface Row {
  readonly id: string;
  readonly position: number;
  readonly entity: { readonly [attribute: string]: Scalar };
  readonly cells: { readonly [columnId: string]: Cell };
}

export interface CellVersion {
  readonly id: number | string;
  readonly status: CellStatus;
  readonly value: JsonValue;
  readonly reason?: CellReason | null;
  readonly provenance?: JsonValue;
  readonly author: 'job' | 'user';
  readonly jobId?: string | null;
  readonly cost: number;
  readonly createdAt: string;
  readonly restoredAt?: string | null;
}

export interface CellDetails extends Cell {
  readonly versions: readonly CellVersion[];
}

export type JobState =
  | 'accepted'
  | 'awaiting_approval'
  | 'running'
  | 'paused'
  | 'completing'
  | 'completed'
  | 'compensating'
  | 'compensation_failed'
  | 'failed'
  | 'cancelled';

export interface JobTotals {
  readonly cells: number;
  readonly open: number;
  readonly pending: number;
  readonly filled: number;
  readonly notFound: number;
  readonly error: number;
  readonly skipped: number;
  readonly awaitingApproval: number;
}

export interface Job {
  readonly id: string;
  readonly listId: string;
  readonly state: JobState;
  readonly columnIds: readonly string[];
  readonly totals: JobTotals;
  readonly skippedBy: { readonly [reason: string]: number };
  readonly credits: {
    readonly held: number;
    readonly captured: number;
    readonly released: number;
    readonly refunded: number;
  };
  readonly waitingFor?: string | null;
  readonly failure?: { readonly code: string; readonly message: string; readonly service?: string };
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export type Scope =
  | { readonly type: 'all' }
  | { readonly type: 'missing' }
  | { readonly type: 'rows'; readonly rowIds: readonly string[] };

export interface JobRequest {
  readonly columnIds: readonly string[];
  readonly scope: Scope;
  readonly maxCredits?: number;
  readonly overwriteEdits?: boolean;
}

export interface Quote {
  readonly eligible: number;
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
  readonly estimatedCredits: number;
  readonly maxCredits: number;
  readonly balanceAfter: number;
}

export interface Books {
  readonly closed: boolean;
  readonly openHolds: number;
  readonly pendingCells: number;
  readonly capturedCells: number;
  readonly billableFilledCells: number;
  readonly differences: readonly { readonly kind: string; readonly detail: string }[];
}

export interface Credits {
  readonly granted: number;
  readonly available: number;
  readonly held: number;
  readonly spent: number;
}

export interface RowWindow {
  readonly from: number;
  readonly count: number;
}

export type LiveCell = Cell & { readonly rowId: string; readonly columnId: string };

export interface LiveDelta {
  readonly listId: string;
  readonly seq: number;
  readonly cells: readonly LiveCell[];
  readonly jobs: readonly Job[];
  readonly credits?: Credits;
}

export interface LiveSnapshot extends LiveDelta {
  readonly window: RowWindow;
  readonly rowCount: number;
  readonly rows: readonly Omit<Row, 'cells'>[];
  readonly structure?: true;
}
