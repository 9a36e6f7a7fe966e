import type { ProviderFault } from '../plan/run-plan.js';
import type { HttpRequest } from '@uno/local-stack';
import { sendPatiently } from './patience.js';
import type { Credentials } from './stack-home.js';

export const PROVIDERS = ['lusha', 'pdl'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** What a provider knows about a company, by attribute. */
export type KnownValues = Readonly<Record<string, string | number | null>>;

/** The provider sandbox, steered and read through its admin routes. */
export class Sandbox {
  constructor(private readonly credentials: Credentials) {}

  /** Other answers from now on; no faults. */
  async reset(seed: number): Promise<void> {
    await this.admin('POST', 'reset', { seed });
  }

  async latency(typicalMs: number): Promise<void> {
    for (const provider of PROVIDERS) {
      await this.admin('PUT', 'latency', { provider, p50Ms: typicalMs, p99Ms: 2 * typicalMs });
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

  async answer(provider: Provider, company: string): Promise<KnownValues> {
    const query = new URLSearchParams({ provider, entityType: 'company', key: company });
    const { values } = await this.admin<{ values: KnownValues }>('GET', `answers?${query}`);
    return values;
  }

  private admin<T = unknown>(method: HttpRequest['method'], path: string, body?: unknown): Promise<T> {
    const { sandboxAdminUrl, sandboxAdminKey } = this.credentials;
    return sendPatiently<T>({ method, url: `${sandboxAdminUrl}/admin/${path}`, key: sandboxAdminKey, body });
  }
}
