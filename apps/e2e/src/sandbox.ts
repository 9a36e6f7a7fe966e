import { send } from './http.js';
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
    const faults = await admin<{ hits: number }[] | { items: { hits: number }[] }>('GET', 'faults');
    return (Array.isArray(faults) ? faults : faults.items).map(({ hits }) => hits);
  },

  /** Where the log ends now. */
  async mark(): Promise<number> {
    let since = 0;
    for (;;) {
      const { items, next } = await admin<CallPage>('GET', `calls?since=${since}&limit=10000`);
      if (items.length === 0) return since;
      since = next;
    }
  },

  /** Every look-up logged after the mark. */
  async lookUpsSince(mark: number): Promise<LoggedLookUp[]> {
    const found: LoggedLookUp[] = [];
    for (let since = mark; ; ) {
      const { items, next } = await admin<CallPage>('GET', `calls?since=${since}&limit=10000`);
      if (items.length === 0) return found;
      found.push(...items);
      since = next;
    }
  },

  answer: (provider: Provider, company: string): Promise<Answer> =>
    admin<Answer>('GET', `answers?provider=${provider}&entityType=company&key=${encodeURIComponent(company)}`),
};

interface CallPage {
  readonly items: LoggedLookUp[];
  readonly next: number;
}

function admin<T = unknown>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const { sandboxAdminUrl, sandboxAdminKey } = readCredentials();
  return send<T>({ method, url: `${sandboxAdminUrl}/admin/${path}`, key: sandboxAdminKey, body });
}
