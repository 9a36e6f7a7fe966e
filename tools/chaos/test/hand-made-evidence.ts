import type { Evidence, EvidentColumn, Job, JournalEntry, Version } from '../src/audit/evidence.js';
import type { LoggedCall } from '../src/stack/sandbox.js';
import type { Truth } from '../src/laws/truth.js';

export const JOB = 'job_1';
export const ROW = 'row_1';

const COLUMNS: readonly EvidentColumn[] = [
  { id: 'col_industry', service: 'enrich', config: { attribute: 'industry' } },
  {
    ...{ id: 'col_ai', service: 'ai' },
    config: { prompt: '{{attr:Security}} in {{col_industry}}?', answer: { type: 'text' } },
  },
  { id: 'col_crm', service: 'crm', config: { matchOn: 'domain', map: { name: 'attr:Security' } } },
];

/** What one workspace with one job leaves, as far as a test says. */
export function evidenceOf(
  given: Partial<Evidence> & { readonly state?: string; readonly maxCost?: number; readonly cancelledAt?: number },
): Evidence {
  const { state = 'completed', maxCost = 10, cancelledAt = null, ...rest } = given;
  const job = { id: JOB, state, undoMode: state === 'completed' ? null : 'rollback', maxCost, cancelledAt } as Job;
  return {
    ...{
      jobs: [job],
      pages: [],
      rows: [],
      versions: [],
      cells: [],
      versionChanges: [],
      jobChanges: [],
      pagesOpened: [],
    },
    ...{ journal: [], outcomes: [], captured: new Map(), capturedCredits: new Map() },
    entities: [{ rowId: ROW, entityVersion: 1, entity: { Security: 'Adobe', Domain: 'adobe.example' } }],
    columns: new Map(COLUMNS.map((column) => [column.id, column])),
    ...rest,
  };
}

/** A version that a job wrote. */
export const version = (id: number, columnId: string, status: string, rest: Partial<Version> = {}): Version => ({
  ...{ id, rowId: ROW, columnId, status, value: null, reason: null, provenance: null, author: 'job' },
  ...{ jobId: JOB, pageNo: 0, cost: 0, madeFrom: 1, restoredAt: null },
  ...rest,
});

export const KEY = `${JOB}:${ROW}:col_crm`;

/** An entry of the journal for the row's record. */
export const entry = (rest: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ id: 1, jobId: JOB, rowId: ROW, columnId: 'col_crm', record: 'r', key: KEY, recordValue: 'adobe.example' },
  ...{ before: null, after: { name: 'Adobe' } },
  ...rest,
});

/** A write as the CRM logged it. */
export const write = (effect: NonNullable<LoggedCall['effect']>, rest: Partial<LoggedCall> = {}): LoggedCall => ({
  ...{
    seq: 1,
    at: '2026-01-01T00:00:00Z',
    callId: 'call',
    provider: 'hubspot',
    route: '/crm/v3/objects/companies/batch/upsert',
  },
  ...{ idempotencyKey: KEY, status: 200, effect, recordId: '7' },
  ...rest,
});

/** The first provider knows the industry of everybody, and a model repeats what it is asked. */
export const TRUTH: Truth = {
  providersFailed: false,
  providersLied: false,
  isOfTheRun: () => true,
  answer: () => ({ industry: 'Software' }),
  modelAnswer: ({ text }) => `said to ${text}`,
  latestEvent: () => null,
};
