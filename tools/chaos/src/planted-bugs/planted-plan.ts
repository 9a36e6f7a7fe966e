import { dataColumn, sixColumns } from '../plan/columns.js';
import type { PlannedAction, RunPlan, UserAction } from '../plan/run-plan.js';

/** A fill of 120 companies and two columns. */
export function fill(name: string, more: Partial<RunPlan> = {}): RunPlan {
  return {
    ...{ name: `planted ${name}`, sandboxSeed: 4, latencyMs: 200, credits: 10_000, refill: false, knownToCrm: 0 },
    companies: Array.from({ length: 120 }, (_, place) => place),
    columns: ['industry', 'employees'].map(dataColumn),
    jobs: [
      {
        ...{ workspace: 0, scope: 'all', rowShare: 1, overwriteEdits: false, ceiling: 1 },
        ...{ onFailure: 'rollback', onCancel: 'rollback' },
      },
    ],
    ...{ actions: [], faults: [] },
    ...more,
  };
}

export const when = (share: number, action: UserAction): PlannedAction => ({
  ...action,
  at: { job: 0, on: 'settled', share },
});

/** A fill of 60 companies with columns of four teams; the CRM holds half of them beforehand. */
export function sixFill(name: string, more: Partial<RunPlan> = {}): RunPlan {
  const companies = Array.from({ length: 60 }, (_, place) => place);
  return fill(name, { companies, columns: sixColumns('employees'), knownToCrm: 0.5, ...more });
}
