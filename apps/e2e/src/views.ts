/** The parts of the API's documents that these tests look at, written down independently of the code under test. */
export interface UnoList {
  readonly id: string;
  readonly name: string;
  readonly rowCount: number;
}

export interface Column {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly config: { readonly attribute?: string };
}

export interface Cell {
  readonly status: 'blank' | 'pending' | 'filled' | 'not_found' | 'error' | 'skipped' | 'awaiting_approval';
  readonly value: unknown;
  readonly version: number | null;
}

export interface Row {
  readonly id: string;
  readonly position: number;
  readonly entity: Readonly<Record<string, string>>;
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface Job {
  readonly id: string;
  readonly listId: string;
  readonly state: string;
  readonly totals: {
    readonly cells: number;
    readonly open: number;
    readonly pending: number;
    readonly filled: number;
    readonly notFound: number;
    readonly error: number;
    readonly skipped: number;
  };
  readonly credits: {
    readonly held: number;
    readonly captured: number;
    readonly released: number;
    readonly refunded: number;
  };
  readonly skippedBy: Readonly<Record<string, number>>;
  readonly waitingFor?: readonly { readonly service: string; readonly cells: number }[];
  /** Of a job that is undone: how far what it wrote outside is taken back. */
  readonly reverts?: {
    readonly records: number;
    readonly reverted: number;
    readonly changedMeanwhile: number;
    readonly open: number;
  };
  readonly failure?: { readonly code: string; readonly message: string; readonly service?: string };
}

/** What a job wrote at a provider. */
export interface JobEffect {
  readonly target: { readonly object: string; readonly idProperty: string; readonly value: string };
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>>;
  readonly outcome: string | null;
}

/** A line of the ledger. */
export interface CreditEntry {
  readonly kind: string;
  readonly amount: number;
  readonly jobId?: string;
  readonly columnId?: string;
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

/** A hold as billing lists it. */
export interface BilledHold {
  readonly state: string;
  readonly captures: readonly {
    readonly refunded: boolean;
    readonly amount: number;
    readonly cellVersionIds: readonly string[];
  }[];
}
