import { send } from '@uno/local-stack';
import { readCredentials } from './stack-home.js';

export type Provider = 'lusha' | 'pdl' | 'openai' | 'hubspot';

/** Those that know companies, in the order in which they are asked. */
export const PROVIDERS = ['lusha', 'pdl'] as const;
export type DataProvider = (typeof PROVIDERS)[number];
const ALL_PROVIDERS = [...PROVIDERS, 'openai', 'hubspot'] as const;

/** One look-up as the sandbox logged it. */
export interface LoggedLookUp {
  readonly seq: number;
  readonly callId: string;
  readonly provider: Provider;
  readonly route: string;
  readonly key: string | null;
  readonly idempotencyKey: string | null;
  readonly billable: boolean;
  readonly status: number;
  /** At the CRM: what the write did to its record. */
  readonly effect?: 'created' | 'updated' | 'unchanged' | 'archived';
}

export interface Fault {
  readonly provider: Provider;
  readonly route?: string;
  readonly fault: string;
  readonly probability?: number;
  readonly times?: number;
  readonly params?: Readonly<Record<string, number>>;
}

export interface Answer {
  readonly found: boolean;
  readonly values: Readonly<Record<string, string | number | null>>;
}

/** What a model says to a prompt, by the type of answer that it is asked for. */
export interface ModelAnswer {
  readonly text: string;
  readonly number: number;
  readonly yes_no: boolean;
  readonly one_of?: string;
}

/** A record as the sandbox's CRM keeps it. */
export interface CrmRecord {
  readonly object: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly archived: boolean;
}

/** The provider sandbox, steered and read through its admin routes. */
export const sandbox = {
  /** New data made from the seed and an empty CRM; no faults, and an answer takes no time. */
  async reset(seed = 1): Promise<void> {
    await admin('POST', 'reset', { seed });
    await sandbox.latency(0);
    // A list has many prompts; what one call after another costs is no test's business.
    await admin('PUT', 'limits', { provider: 'openai', requestsPerSecond: null });
  },

  /** Every answer takes about that long: half of them less, one in a hundred as long as `slowestMs` or longer. */
  async latency(
    typicalMs: number,
    slowestMs = typicalMs,
    providers: readonly Provider[] = ALL_PROVIDERS,
  ): Promise<void> {
    for (const provider of providers) await admin('PUT', 'latency', { provider, p50Ms: typicalMs, p99Ms: slowestMs });
  },

  faults: (faults: readonly Fault[]): Promise<unknown> => admin('PUT', 'faults', faults),

  heal: (): Promise<unknown> => admin('DELETE', 'faults'),

  /** How often each fault that is set has hit. A fault that never hit has shown nothing. */
  async faultHits(): Promise<number[]> {
    const { items } = await admin<{ items: { hits: number }[] }>('GET', 'faults');
    return items.map(({ hits }) => hits);
  },

  /** Where the log ends now. */
  async mark(): Promise<number> {
    return (await callsAfter(0)).end;
  },

  /** Every look-up logged after the mark. */
  async lookUpsSince(mark: number): Promise<LoggedLookUp[]> {
    return (await callsAfter(mark)).items;
  },

  answer: (provider: DataProvider, company: string): Promise<Answer> =>
    admin<Answer>('GET', `answers?provider=${provider}&entityType=company&key=${encodeURIComponent(company)}`),

  modelAnswer: (prompt: string, options?: readonly string[]): Promise<ModelAnswer> =>
    admin<{ values: ModelAnswer }>('POST', 'answers', { provider: 'openai', key: prompt, options }).then(
      ({ values }) => values,
    ),

  /** What a signals column shows of a company; undefined where nothing happened. */
  async latestEvent(company: string, kinds: readonly string[], withinDays: number): Promise<object | undefined> {
    const question = { provider: 'lusha', entityType: 'company', key: company, kinds, withinDays };
    const { found, values } = await admin<{ found: boolean; values: Record<string, unknown> }>(
      'POST',
      'answers',
      question,
    );
    const { kind, title, date, url } = values;
    return found ? { kind, title, date, url } : undefined;
  },

  /** Every record of the CRM, archived ones too. */
  async crmRecords(): Promise<CrmRecord[]> {
    return (await admin<{ items: CrmRecord[] }>('GET', 'crm/records')).items;
  },
};

async function callsAfter(mark: number): Promise<{ items: LoggedLookUp[]; end: number }> {
  const found: LoggedLookUp[] = [];
  for (let since = mark; ;) {
    const page = await admin<{ items: LoggedLookUp[]; next: number }>('GET', `calls?since=${since}`);
    if (page.items.length === 0) return { items: found, end: since };
    found.push(...page.items);
    since = page.next;
  }
}

function admin<T = unknown>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const { sandboxAdminUrl, sandboxAdminKey } = readCredentials();
  return send<T>({ method, url: `${sandboxAdminUrl}/admin/${path}`, key: sandboxAdminKey, body });
}
