import type { Provider, ProviderFault } from '../plan/run-plan.js';

/** Services whose providers can fail, by their ids. */
export const FAULTED_SERVICES = ['ai', 'signals', 'crm', 'enrich'] as const;
export type FaultedService = (typeof FAULTED_SERVICES)[number];

/** Whom a service asks, and what people know them as. */
export const PROVIDERS_OF_SERVICE: Readonly<Record<FaultedService, Readonly<Partial<Record<Provider, string>>>>> = {
  ai: { openai: 'OpenAI' },
  signals: { lusha: 'Lusha' },
  crm: { hubspot: 'HubSpot' },
  enrich: { lusha: 'Lusha', pdl: 'People Data Labs' },
};

/** Something that a provider can do wrong, and what may be read of it in the end. */
export interface FaultCase {
  readonly name: string;
  /** The sandbox's faults that it stands for, without the provider; together they hit {@link SHARE} of all tries. */
  readonly faults: readonly Pick<ProviderFault, 'fault' | 'params'>[];
  /** Codes that the reason of a cell, or of the job, may have because of it. No two causes share one. */
  readonly codes: readonly string[];
  /** Refuses the account: no further call can succeed, so the job fails and is undone. */
  readonly refuses?: boolean;
}

/** Of all tries, how many are hit. */
const SHARE = 1 / 3;
/** A try of a write to a CRM is two calls: it reads first. */
const SHARE_OF_CALLS: Readonly<Record<FaultedService, number>> = {
  ...{ ai: SHARE, signals: SHARE, enrich: SHARE },
  crm: 1 - Math.sqrt(1 - SHARE),
};
/** Beyond what a worker takes for a call of a few rows, and soon sent. */
const OVERSIZED_BYTES = 1_000_000;

/** The providers' own codes for one item of a call that failed; only a write can be in conflict with another record. */
const ITEM_ERRORS: Readonly<Record<Provider, Pick<ProviderFault, 'params' | 'route'>>> = {
  openai: { params: { code: 'content_filter' } },
  lusha: { params: { code: 'ENRICH_FAILED' } },
  pdl: { params: { code: 'api_error' } },
  hubspot: { params: { code: 'CONFLICT' }, route: '/crm/v3/objects/companies/batch/upsert' },
};

const ofItself = (fault: string, codes: readonly string[], params?: ProviderFault['params']): FaultCase => ({
  ...{ name: fault, codes },
  faults: [{ fault, ...(params && { params }) }],
});

/** Each fault that a provider of companies, of a model or of a CRM can have. */
export const SINGLE_FAULTS: readonly FaultCase[] = [
  ofItself('latency', [], { ms: 300 }),
  {
    name: 'rate_limited',
    faults: [{ fault: 'rate_limited' }, { fault: 'rate_limited', params: { retryAfterSeconds: 1 } }],
    codes: ['provider_rate_limited'],
  },
  ofItself('server_error', ['provider_unavailable']),
  ofItself('hang', ['provider_timeout']),
  ofItself('reset_after_count', ['provider_connection_lost']),
  ofItself('slow_drip', ['provider_too_slow']),
  {
    name: 'wrong_schema',
    faults: [{ fault: 'wrong_schema' }, { fault: 'wrong_schema', params: { part: 'items' } }],
    codes: ['provider_invalid_answer', 'provider_row_invalid', 'ai_answer_invalid'],
  },
  { ...ofItself('wrong_schema', ['provider_answer_mixed_up'], { part: 'references' }), name: 'mixed_up' },
  ofItself('html_body', ['provider_answered_page']),
  ofItself('oversized_body', ['provider_answer_too_large'], { bytes: OVERSIZED_BYTES }),
  ofItself('empty_result', ['provider_row_missing', 'ai_answer_empty']),
  ofItself('partial_batch', ['provider_row_missing']),
  ofItself('item_error', ['ai_filtered', 'provider_enrich_failed', 'provider_lookup_failed', 'provider_conflict']),
  { ...ofItself('unauthorized', ['provider_unauthorized']), refuses: true },
  { ...ofItself('out_of_credits', ['provider_out_of_credits']), refuses: true },
  { ...ofItself('forbidden', ['provider_forbidden']), refuses: true },
];

const together = (name: string, cases: readonly FaultCase[]): FaultCase => ({
  name,
  faults: cases.flatMap(({ faults }) => faults),
  codes: [...new Set(cases.flatMap(({ codes }) => codes))],
  ...(cases.some(({ refuses }) => refuses) && { refuses: true }),
});

/** Each fault alone, all of them at random that a job survives, and all of them. */
export const FAULT_CASES: readonly FaultCase[] = [
  ...SINGLE_FAULTS,
  together(
    'all that pass',
    SINGLE_FAULTS.filter(({ refuses }) => !refuses),
  ),
  together('all', SINGLE_FAULTS),
];

/** Only replies about several rows can mix them up; what HubSpot says of a row it left out is that it had an error. */
const EXCEPTIONS: Readonly<Partial<Record<FaultedService, Readonly<Record<string, readonly string[] | undefined>>>>> = {
  ai: { mixed_up: undefined },
  crm: { partial_batch: ['provider_unavailable'] },
};

/** The case as it concerns a service; undefined where its providers cannot have it. */
export function caseFor(service: FaultedService, fault: FaultCase): FaultCase | undefined {
  const exceptions = EXCEPTIONS[service] ?? {};
  if (!(fault.name in exceptions)) return fault;
  const codes = exceptions[fault.name];
  return codes && { ...fault, codes };
}

/** What the sandbox is told: every provider of the service has it. */
export function faultsOf(service: FaultedService, { faults }: FaultCase): ProviderFault[] {
  const share = SHARE_OF_CALLS[service];
  const providers = Object.keys(PROVIDERS_OF_SERVICE[service]) as Provider[];
  return providers.flatMap((provider) => {
    const own = faults.filter(({ params }) => provider !== 'openai' || params?.['part'] !== 'references');
    return own.map(({ fault, params }, index) => {
      const details = fault === 'item_error' ? ITEM_ERRORS[provider] : params && { params };
      // The first that hits wins, so the later ones meet fewer calls.
      const left = 1 - (share * index) / own.length;
      return { provider, fault, probability: share / own.length / left, ...details };
    });
  });
}
