import { type Provider, type ProviderFault, PROVIDERS_OF } from '../plan/run-plan.js';
import type { Credentials, HttpRequest } from '@uno/local-stack';
import { sendPatiently } from './patience.js';

/** Those that know companies, in the order in which they are asked. */
export const DATA_PROVIDERS = PROVIDERS_OF.data;
export type DataProvider = (typeof DATA_PROVIDERS)[number];

/** As many as HubSpot takes. */
const RECORDS_PER_CALL = 100;

/** What a provider knows about a company, by attribute. */
export type KnownValues = Readonly<Record<string, string | number | null>>;

/** One item of a call, as the sandbox logged it before it answered. */
export interface LoggedCall {
  readonly seq: number;
  /** When it came, as an ISO time. */
  readonly at: string;
  readonly callId: string;
  readonly provider: Provider;
  readonly route: string;
  readonly idempotencyKey: string | null;
  readonly status: number;
  /** The fault that made this answer. */
  readonly fault?: string;
  /** For so long the sandbox had got no time of the machine when it read the call, in ms: it may have come so much earlier. */
  readonly stoodStillMs?: number;
  /** At the CRM: what the item did to which record. */
  readonly effect?: 'created' | 'updated' | 'unchanged' | 'archived';
  readonly recordId?: string;
}

/** A record of the CRM. */
export interface CrmRecord {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly archived: boolean;
}

/** What a model says to a prompt, by the type of the answer. */
export type ModelAnswers = Readonly<Record<string, unknown>>;

/** The provider sandbox, steered and read through its admin routes. */
export class Sandbox {
  /** Where the log ended when it was looked at last. */
  private logEnd = 0;

  constructor(private readonly credentials: Credentials) {}

  /** Other answers from now on; no faults. */
  async reset(seed: number): Promise<void> {
    await this.admin('POST', 'reset', { seed });
  }

  async latency(typicalMs: number): Promise<void> {
    for (const provider of PROVIDERS_OF.six) {
      await this.admin('PUT', 'latency', { provider, p50Ms: typicalMs, p99Ms: 2 * typicalMs });
    }
  }

  /** Takes calls at any rate, until the next reset. */
  async liftRateLimits(): Promise<void> {
    for (const provider of PROVIDERS_OF.six) {
      await this.admin('PUT', 'limits', { provider, requestsPerSecond: null });
    }
  }

  async faults(faults: readonly ProviderFault[]): Promise<void> {
    await this.admin('PUT', 'faults', faults);
  }

  /** How many calls were hit by the faults in force. */
  async hits(): Promise<number> {
    const { items } = await this.admin<{ items: { hits: number }[] }>('GET', 'faults');
    return items.reduce((sum, { hits }) => sum + hits, 0);
  }

  async heal(): Promise<void> {
    await this.admin('DELETE', 'faults');
  }

  async answer(provider: DataProvider, company: string): Promise<KnownValues> {
    const query = new URLSearchParams({ provider, entityType: 'company', key: company });
    const { values } = await this.admin<{ values: KnownValues }>('GET', `answers?${query}`);
    return values;
  }

  async modelAnswers(prompt: string, options?: readonly string[]): Promise<ModelAnswers> {
    const question = { provider: 'openai', key: prompt, options };
    return (await this.admin<{ values: ModelAnswers }>('POST', 'answers', question)).values;
  }

  /** What happened last at a company, as a signals column holds it; null where nothing did. */
  async latestEvent(company: string, kinds: readonly string[], withinDays: number): Promise<unknown> {
    const question = { provider: 'lusha', entityType: 'company', key: company, kinds, withinDays };
    const answer = await this.admin<{ found: boolean; values: Record<string, unknown> }>('POST', 'answers', question);
    const { kind, title, date, url } = answer.values;
    return answer.found ? { kind, title, date, url } : null;
  }

  /** Every record of the CRM, archived ones too. */
  async crmRecords(): Promise<CrmRecord[]> {
    return (await this.admin<{ items: CrmRecord[] }>('GET', 'crm/records')).items;
  }

  /** Writes companies into the CRM as somebody who knows nothing of the product, by their domains. */
  async writeToCrm(domains: readonly string[], properties: Readonly<Record<string, string>>): Promise<void> {
    const url = `${this.credentials.sandboxUrl}/crm/v3/objects/companies/batch/upsert`;
    for (let from = 0; from < domains.length; from += RECORDS_PER_CALL) {
      const some = domains.slice(from, from + RECORDS_PER_CALL);
      const inputs = some.map((id) => ({ id, idProperty: 'domain', properties }));
      await sendPatiently({ method: 'POST', url, key: 'sandbox-hubspot', body: { inputs } });
    }
  }

  /** Where the log of calls ends now. */
  async mark(): Promise<number> {
    await this.callsSince(this.logEnd);
    return this.logEnd;
  }

  /** Every item logged after the mark. */
  async callsSince(mark: number): Promise<LoggedCall[]> {
    const found: LoggedCall[] = [];
    for (let since = mark; ;) {
      const page = await this.admin<{ items: LoggedCall[]; next: number }>('GET', `calls?since=${since}`);
      if (page.items.length === 0) {
        this.logEnd = since;
        return found;
      }
      found.push(...page.items);
      since = page.next;
    }
  }

  private admin<T = unknown>(method: HttpRequest['method'], path: string, body?: unknown): Promise<T> {
    const { sandboxAdminUrl, sandboxAdminKey } = this.credentials;
    return sendPatiently<T>({ method, url: `${sandboxAdminUrl}/admin/${path}`, key: sandboxAdminKey, body });
  }
}
