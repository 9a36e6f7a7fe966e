import { COMPANY_NAME, dataColumn, type PlannedColumn } from '../plan/columns.js';
import type { RunPlan } from '../plan/run-plan.js';
import { type FaultCase, faultsOf, type FaultedService } from './fault-cases.js';

const ROWS = 500;
const SANDBOX_SEED = 4;
/** A job that is neither final nor parked by then goes on with providers that are well. */
const FAULTY_FOR_SECONDS = 120;

/** Small calls, so that a share of them is many; a call or a provider is given up within seconds, at no limit of rate. */
export const FAULT_SETTINGS: Readonly<Record<string, string>> = {
  ...{ ENRICH_LOOKUPS_PER_CALL: '5', SIGNALS_ROWS_PER_CALL: '5', CRM_ROWS_PER_CALL: '10' },
  ...{ AI_CALLS_PER_PAGE: '100', ENRICH_CALLS_PER_PAGE: '25', SIGNALS_CALLS_PER_PAGE: '25', CRM_CALLS_PER_PAGE: '25' },
  ...{ AI_CALL_TIMEOUT_SECONDS: '2', ENRICH_CALL_TIMEOUT_SECONDS: '2' },
  ...{ SIGNALS_CALL_TIMEOUT_SECONDS: '2', CRM_CALL_TIMEOUT_SECONDS: '2', RETRY_BUDGET_SECONDS: '12' },
  ...{ OPENAI_REQUESTS_PER_SECOND: '2000', LUSHA_REQUESTS_PER_SECOND: '2000' },
  ...{ PDL_REQUESTS_PER_SECOND: '2000', HUBSPOT_REQUESTS_PER_SECOND: '2000' },
};

/** Two columns of each service: with {@link ROWS} rows they are 1,000 cells. */
const COLUMNS: Readonly<Record<FaultedService, readonly PlannedColumn[]>> = {
  ai: [
    {
      ...{ name: 'Summary', service: 'ai' },
      config: { prompt: `One line on {{${COMPANY_NAME}}}`, answer: { type: 'text' } },
    },
    {
      ...{ name: 'Segment', service: 'ai' },
      config: {
        prompt: `What does {{${COMPANY_NAME}}} sell?`,
        answer: { type: 'one_of', options: ['Hardware', 'Software', 'Services'] },
      },
    },
  ],
  signals: [
    { name: 'Money', service: 'signals', config: { kinds: ['funding', 'hiring'], withinDays: 365 } },
    { name: 'News', service: 'signals', config: { kinds: ['news'], withinDays: 180 } },
  ],
  // Both write one record.
  crm: ['name', 'uno_summary'].map((property) => ({
    ...{ name: `CRM ${property}`, service: 'crm' },
    config: { object: 'company', matchOn: 'domain', map: { [property]: COMPANY_NAME } },
  })),
  enrich: ['industry', 'employees'].map(dataColumn),
};

/** One job over 1,000 cells of a service, whose providers have the fault until it is final. */
export function faultPlan(service: FaultedService, fault: FaultCase): RunPlan {
  return {
    ...{ name: `provider faults ${service}, ${fault.name}`, sandboxSeed: SANDBOX_SEED, latencyMs: 20, credits: 10_000 },
    companies: Array.from({ length: ROWS }, (_, place) => place),
    columns: COLUMNS[service],
    ...{ refill: false, knownToCrm: 0.3, withoutRateLimits: true, undoAgain: true },
    jobs: [
      {
        ...{ workspace: 0, scope: 'all', rowShare: 1, overwriteEdits: false, ceiling: 1 },
        ...{ onFailure: 'rollback', onCancel: 'rollback' },
      },
    ],
    actions: [],
    faults: [
      {
        ...{ kind: 'provider', faults: faultsOf(service, fault), seconds: FAULTY_FOR_SECONDS },
        at: { job: 0, on: 'settled', share: 0 },
      },
    ],
  };
}
