import { ProviderHttp, accountOf, type EntityIdentity, type ProviderAccountConfig } from '@uno/worker-kit';
import type { ItemResult, LookUpRequest } from './enrich-provider.js';
import { EnrichProvider } from './enrich-provider.js';
import { readPdlReply } from './pdl.reply.js';

/** People Data Labs v5, bulk enrichment. Source: https://docs.peopledatalabs.com/docs/bulk-company-enrichment-api */
export class PdlProvider extends EnrichProvider {
  readonly name = 'pdl';
  readonly title = 'People Data Labs';
  readonly maxLookupsPerCall = 100;
  readonly account: string;
  readonly requestsPerSecond: number;
  private readonly http: ProviderHttp;

  constructor(config: ProviderAccountConfig) {
    super();
    this.account = accountOf(config.apiKey);
    // 1,000 a minute is what the documentation gives paying customers.
    this.requestsPerSecond = config.requestsPerSecond ?? 16;
    this.http = new ProviderHttp(this.name, config, { 'x-api-key': config.apiKey });
  }

  override async lookUp({ entityType, entities }: LookUpRequest, signal: AbortSignal): Promise<readonly ItemResult[]> {
    const company = entityType === 'company';
    const body = {
      requests: entities.map((entity, index) => ({
        params: company ? companyParams(entity) : personParams(entity),
        metadata: { reference: String(index) },
      })),
    };
    const path = company ? '/v5/company/enrich/bulk' : '/v5/person/bulk';
    const reply = await this.http.post(path, body, { rows: entities.length, signal });
    return readPdlReply(reply, { entityType, rows: entities.length });
  }
}

function companyParams({ name, domain }: EntityIdentity): unknown {
  return { ...(name !== undefined && { name }), ...(domain !== undefined && { website: domain }) };
}

function personParams({ name, domain, email }: EntityIdentity): unknown {
  return email === undefined ? { name, company: domain } : { email };
}
