import { send } from '@uno/local-stack';
import { readCredentials } from './stack-home.js';

export type Provider = 'lusha' | 'pdl';

/** In the order in which they are asked. */
export const PROVIDERS = ['lusha', 'pdl'] as const;

/** One look-up as the sandbox logged it. */
export interface LoggedLookUp {
  readonly seq: number;
  readonly callId: string;
  readonly provider: Provider;
  readonly key: string | null;
  readonly billable: boolean;
  readonly status: number;
}

export interface Fault {
  readonly provider: Provider;
  readonly fault: string;
  readonly times?: number;
  readonly params?: Readonly<Record<string, number>>;
}

export interface Answer {
  readonly found: boolean;
  readonly values: Readonly<Record<string, string | number | null>>;
}

/** The provider sandbox, steered and read through its admin routes. */
export const sandbox = {
  /** New data made from the seed; no faults, and an answer takes no time. */
  async reset(seed = 1): Promise<void> {
    await admin('POST', 'reset', { seed });
    await sandbox.latency(0);
  },

  /** Every answer takes about that long: half of them less, one in a hundred as long as `slowestMs` or longer. */
  async latency(typicalMs: number, slowestMs = typicalMs): Promise<void> {
    for (const provider of PROVIDERS) {
      await admin('PUT', 'latency', { provider, p50Ms: typicalMs, p99Ms: slowestMs });
    }
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

  answer: (provider: Provider, company: string): Promise<Answer> =>
    admin<Answer>('GET', `answers?provider=${provider}&entityType=company&key=${encodeURIComponent(company)}`),
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
