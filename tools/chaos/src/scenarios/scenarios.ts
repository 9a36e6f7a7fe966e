import { dataColumn, type PlannedColumn, sixColumns } from '../plan/columns.js';
import type { Fault, JobPlan, PlannedAction, PlannedFault, ProviderFault, RunPlan } from '../plan/run-plan.js';
import type { JobResult, RunResult } from '../runs/run-result.js';
import { COMPANY_COUNT } from '../traffic/companies.js';

const SANDBOX_SEED = 4;
const LATENCY_MS = 200;
const MINUTE = 60;
const CREDITS = 10_000;

/** A fixed case, and how it must end beside the laws. */
export interface Scenario {
  readonly name: string;
  readonly plan: RunPlan;
  /** What is not as it must be, in words; empty when all is well. */
  readonly complaints: (result: RunResult) => string[];
}

interface Case {
  readonly faults?: readonly PlannedFault[];
  readonly actions?: readonly PlannedAction[];
  readonly job?: Partial<JobPlan>;
  /** Two columns of data when absent. */
  readonly columns?: readonly PlannedColumn[];
  readonly ends: Partial<Pick<JobResult, 'state' | 'failure'>>;
  readonly also?: (job: JobResult) => string[];
}

const DATA = ['industry', 'employees'].map(dataColumn);

const JOB: JobPlan = {
  ...{ workspace: 0, scope: 'all', rowShare: 1, overwriteEdits: false, ceiling: 1 },
  ...{ onFailure: 'rollback', onCancel: 'rollback' },
};

function scenario(name: string, { faults = [], actions = [], job = {}, columns = DATA, ends, also }: Case): Scenario {
  return {
    name,
    plan: {
      ...{
        name: `scenario ${name}`,
        sandboxSeed: SANDBOX_SEED,
        latencyMs: LATENCY_MS,
        credits: CREDITS,
        refill: false,
        knownToCrm: 0.2,
      },
      companies: Array.from({ length: COMPANY_COUNT }, (_, place) => place),
      columns,
      jobs: [{ ...JOB, ...job }],
      ...{ faults, actions },
    },
    complaints: (result) => {
      const [only] = result.jobs;
      if (!only) return ['no job was started'];
      const wrong = Object.entries(ends).filter(([key, value]) => only[key as 'state' | 'failure'] !== value);
      return [
        ...wrong.map(([key, value]) => `${key} is ${only[key as 'state' | 'failure'] ?? 'none'}, not ${value}`),
        ...result.faults.filter(({ hit }) => !hit).map(({ fault }) => `${fault.kind} did not hit`),
        ...result.faults.filter(({ settled = 0 }) => settled > 0.8).map(({ fault }) => `${fault.kind} came too late`),
        ...(also?.(only) ?? []),
      ];
    },
  };
}

const at = (share: number, fault: Fault): PlannedFault => ({ ...fault, at: { job: 0, on: 'settled', share } });

const cancelAt = (share: number): PlannedAction => ({ do: 'cancel', at: { job: 0, on: 'settled', share } });

const completes = (name: string, ...faults: PlannedFault[]): Scenario =>
  scenario(name, { faults, ends: { state: 'completed' } });

/** The same over six columns of four teams. */
const sixComplete = (name: string, ...faults: PlannedFault[]): Scenario =>
  scenario(`six-${name}`, { faults, columns: sixColumns('employees'), ends: { state: 'completed' } });

const modelThat = (fault: Omit<ProviderFault, 'provider'>): PlannedFault =>
  at(0, { kind: 'provider', seconds: MINUTE, faults: [{ provider: 'openai', ...fault }] });

/** The acceptance cases: 503 companies, two columns, or six. */
export const SCENARIOS: readonly Scenario[] = [
  completes('kill-billing', at(0.3, { kind: 'kill', target: 'billing' })),
  completes('kill-temporal', at(0.3, { kind: 'kill', target: 'temporal' })),
  completes('kill-postgres', at(0.3, { kind: 'kill', target: 'postgres' })),
  completes('kill-backend', at(0.3, { kind: 'kill-backend' })),
  completes('kill-all', at(0.3, { kind: 'kill-all' })),
  completes('cut-connections', at(0.3, { kind: 'cut-connections' }), at(0.5, { kind: 'cut-connections' })),
  completes('pause-postgres', at(0.3, { kind: 'pause', target: 'postgres', seconds: MINUTE })),
  completes('pause-temporal', at(0.3, { kind: 'pause', target: 'temporal', seconds: MINUTE })),
  completes('billing-away-captures', at(0.3, { kind: 'away', target: 'billing', seconds: 2 * MINUTE })),
  scenario('billing-away-cancel', {
    faults: [at(0.3, { kind: 'away', target: 'billing', seconds: 2 * MINUTE })],
    actions: [cancelAt(0.4)],
    ends: { state: 'cancelled' },
  }),
  scenario('hold-expired', {
    faults: [at(0.3, { kind: 'expire-hold' })],
    ends: { state: 'completed' },
    also: ({ holds }) => (holds === 2 ? [] : [`it took ${holds} holds, not 2`]),
  }),
  scenario('ceiling', {
    job: { ceiling: 0.4 },
    ends: { state: 'completed' },
    also: ({ skippedBy }) => ((skippedBy['ceiling'] ?? 0) > 0 ? [] : ['nothing was skipped for the ceiling']),
  }),
  scenario('terminate', { faults: [at(0.3, { kind: 'terminate' })], ends: { state: 'failed' } }),
  sixComplete(
    'kill-crm',
    at(0.6, { kind: 'kill', target: 'crm-worker' }),
    at(0.7, { kind: 'kill', target: 'crm-worker' }),
  ),
  sixComplete('pause-ai', at(0.2, { kind: 'pause', target: 'ai-worker', seconds: MINUTE })),
  sixComplete('ai-rate-limited', modelThat({ fault: 'rate_limited', probability: 0.5 })),
  sixComplete('ai-hangs', modelThat({ fault: 'hang', probability: 0.2, params: { ms: 5_000 } })),
  scenario('six-terminate', {
    faults: [at(0.7, { kind: 'terminate' })],
    columns: sixColumns('employees'),
    ends: { state: 'failed' },
  }),
];
