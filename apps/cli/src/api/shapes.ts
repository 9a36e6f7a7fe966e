/** The parts of the API's replies that the command line shows. */
export interface UnoList {
  readonly id: string;
  readonly name: string;
  readonly entityType: 'company' | 'contact';
  readonly rowCount: number;
  readonly identity: Readonly<Record<string, string | undefined>>;
  readonly attributes: readonly string[];
}

export interface Cell {
  readonly status: 'blank' | 'pending' | 'filled' | 'not_found' | 'error' | 'skipped' | 'awaiting_approval';
  readonly value: unknown;
}

export interface Row {
  readonly id: string;
  readonly position: number;
  readonly entity: Readonly<Record<string, unknown>>;
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface Column {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly config: unknown;
}

export interface ImportReport {
  readonly imported: number;
  readonly rejectedCount: number;
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  readonly identity: Readonly<Record<string, string | undefined>>;
}

export interface Service {
  readonly id: string;
  readonly title: string;
  readonly returns: string;
  readonly price: number;
  readonly online: boolean;
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

export interface JobCredits {
  readonly held: number;
  readonly captured: number;
  readonly released: number;
  readonly refunded: number;
}

export interface Job {
  readonly id: string;
  readonly listId: string;
  readonly state: JobState;
  readonly columnIds: readonly string[];
  readonly totals: JobTotals;
  readonly skippedBy?: Readonly<Record<string, number>>;
  readonly credits: JobCredits;
  readonly waitingFor?: unknown;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
  readonly failure?: { readonly code: string; readonly message: string; readonly errorId?: string } | null;
}

export interface Books {
  readonly closed: boolean;
  readonly openHolds: number;
  readonly pendingCells: number;
  readonly capturedCells: number;
  readonly billableFilledCells: number;
  readonly differences: readonly unknown[];
}

export interface Credits {
  readonly granted: number;
  readonly available: number;
  readonly held: number;
  readonly spent: number;
}

const FINAL_STATES: readonly JobState[] = ['completed', 'failed', 'cancelled'];

/** A final job changes no more; `compensation_failed` is tried again and is not final. */
export function isFinal(state: JobState): boolean {
  return FINAL_STATES.includes(state);
}
