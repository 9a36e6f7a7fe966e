import { ProviderHttp, accountOf, type EntityIdentity, type ProviderAccountConfig } from '@uno/worker-kit';
import type { ItemResult, LookUpRequest } from './enrich-provider.js';
import { EnrichProvider } from './enrich-provider.js';
import { readLushaReply } from './lusha.reply.js';

/** Lusha V3, `search-and-enrich`. Source: https://docs.lusha.com/enrichment/search-and-enrich-companies */
export class LushaProvider extends EnrichProvider {
  readonly name = 'lusha';
  readonly title = 'Lusha';
  readonly maxLookupsPerCall = 100;
  readonly account: string;
  readonly requestsPerSecond: number;
  private readonly http: ProviderHttp;

  constructor(config: ProviderAccountConfig) {
    super();
    this.account = accountOf(config.apiKey);
    this.requestsPerSecond = config.requestsPerSecond ?? 25;
    this.http = new ProviderHttp(this.name, config, { api_key: config.apiKey });
  }

  override async lookUp(request: LookUpRequest, signal: AbortSignal): Promise<readonly ItemResult[]> {
    const { entityType, entities } = request;
    const call = { rows: entities.length, signal };
    const reply =
      entityType === 'company'
        ? await this.http.post('/v3/companies/search-and-enrich', companiesBody(entities), call)
        : await this.http.post('/v3/contacts/search-and-enrich', contactsBody(request), call);
    return readLushaReply(reply, { entityType, rows: entities.length });
  }
}

function companiesBody(entities: readonly EntityIdentity[]): unknown {
  return {
    companies: entities.map(({ name, domain }, index) => ({
      clientReferenceId: String(index),
      ...(name !== undefined && { name }),
      ...(domain !== undefined && { domain }),
    })),
  };
}

function contactsBody({ entities, attributes }: LookUpRequest): unknown {
  const phones = attributes.has('phone');
  return {
    contacts: entities.map((entity, index) => ({ clientReferenceId: String(index), ...contactIdentifier(entity) })),
    // An empty list is refused, and emails are the cheaper reveal.
    reveal: [...(attributes.has('email') || !phones ? ['emails'] : []), ...(phones ? ['phones'] : [])],
  };
}

function contactIdentifier({ name, domain, email }: EntityIdentity): Readonly<Record<string, unknown>> {
  if (email !== undefined) return { email };
  const [firstName = '', ...rest] = (name ?? '').split(' ');
  return { firstName, lastName: rest.join(' '), companyDomain: domain };
}
