import type { ColumnSet, PlannedColumn } from './columns.js';

/** Processes that can be killed, paused or kept away, by the names of `uno stack`. */
export const TARGETS = [
  ...['api', 'orchestrator-worker', 'enrich-worker', 'billing'],
  ...['temporal', 'postgres', 'provider-sandbox'],
  ...['signals-worker', 'ai-worker', 'crm-worker'],
] as const satisfies readonly string[];
export type Target = (typeof TARGETS)[number];

/** Processes that a fill of these columns needs. */
export const TARGETS_OF: Readonly<Record<ColumnSet, readonly [Target, ...Target[]]>> = {
  data: ['api', 'orchestrator-worker', 'enrich-worker', 'billing', 'temporal', 'postgres', 'provider-sandbox'],
  six: ['api', ...TARGETS.slice(1)],
};

/** What a job is doing, from the databases. The later ones win where several are true at once. */
export const STEPS = [
  ...['accepted', 'held', 'page open', 'settling'],
  ...['sealed', 'capturing', 'completing', 'compensating'],
] as const;
export type Step = (typeof STEPS)[number];

/** The moment of something, by what the run's job number `job` (from 0) does. */
export type Trigger = { readonly job: number } & (
  | { readonly on: 'settled'; /** Share of the job's cells. */ readonly share: number }
  | { readonly on: 'step'; readonly step: Step }
);

export const PROVIDERS_OF = {
  data: ['lusha', 'pdl'],
  six: ['lusha', 'pdl', 'openai', 'hubspot'],
} as const satisfies Record<ColumnSet, readonly string[]>;
export type Provider = (typeof PROVIDERS_OF)['six'][number];

/** A provider that answers wrongly, by the sandbox's names. */
export interface ProviderFault {
  readonly provider: Provider;
  readonly fault: string;
  /** All of its routes when absent. */
  readonly route?: string;
  readonly probability: number;
  readonly params?: Readonly<Record<string, number | string>>;
}

export type Fault =
  | { readonly kind: 'kill'; readonly target: Target }
  | { readonly kind: 'pause'; readonly target: Target; readonly seconds: number }
  /** Killed again and again, as often as it is started anew. */
  | { readonly kind: 'away'; readonly target: Target; readonly seconds: number }
  | { readonly kind: 'kill-backend' }
  | { readonly kind: 'kill-all' }
  | { readonly kind: 'cut-connections' }
  /** For so long, or until every job is final. */
  | { readonly kind: 'provider'; readonly faults: readonly ProviderFault[]; readonly seconds: number }
  | { readonly kind: 'expire-hold' }
  | { readonly kind: 'terminate' };
export type FaultKind = Fault['kind'];
export const FAULT_KINDS = [
  ...['kill', 'pause', 'away', 'kill-backend', 'kill-all'],
  ...['cut-connections', 'provider', 'expire-hold', 'terminate'],
] as const satisfies readonly FaultKind[];

export type PlannedFault = Fault & { readonly at: Trigger };

/** What a user does meanwhile. Rows are chosen by their place in the list, as a share of its length. */
export type UserAction =
  | { readonly do: 'cancel' }
  | { readonly do: 'edit'; readonly row: number; readonly column: number }
  | { readonly do: 'rename'; readonly row: number; readonly company: number }
  | { readonly do: 'delete'; readonly row: number }
  | { readonly do: 'insert'; readonly companies: readonly number[] };
export type PlannedAction = UserAction & { readonly at: Trigger };

export type UndoMode = 'rollback' | 'keep';

export interface JobPlan {
  /** A job of another workspace has a list of its own with the same companies. */
  readonly workspace: 0 | 1;
  readonly scope: 'all' | 'missing' | 'rows';
  /** Share of the rows that scope `rows` names. */
  readonly rowShare: number;
  readonly onFailure: UndoMode;
  readonly onCancel: UndoMode;
  readonly overwriteEdits: boolean;
  /** Ceiling as a share of the highest price; 1 for none. */
  readonly ceiling: number;
}

/** Everything that is decided before a run starts. Made from seed and number alone; when things happen is not in it. */
export interface RunPlan {
  readonly name: string;
  readonly sandboxSeed: number;
  /** Places of the companies in the fixture, in the order of the list. */
  readonly companies: readonly number[];
  readonly columns: readonly PlannedColumn[];
  readonly latencyMs: number;
  /** The sandbox takes any number of calls a second. */
  readonly withoutRateLimits?: boolean;
  /** Granted to each workspace. */
  readonly credits: number;
  /** The list was filled before, from other answers, and partly edited. */
  readonly refill: boolean;
  /** Share of the companies that the CRM holds beforehand, with other values. */
  readonly knownToCrm: number;
  readonly jobs: readonly JobPlan[];
  readonly actions: readonly PlannedAction[];
  readonly faults: readonly PlannedFault[];
  /** An undo that is parked ends the faults, and is asked for again by a person instead of waited for. */
  readonly undoAgain?: boolean;
}
