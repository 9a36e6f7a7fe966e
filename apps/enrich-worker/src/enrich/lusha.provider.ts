import type { AttributeValues, ItemResult, LookUpRequest } from './enrich-provider.js';
import { EnrichProvider } from './enrich-provider.js';
import type { EntityIdentity } from './entity-identity.js';
import { dollarRange, knownValues, websiteOf } from './attribute-values.js';
import { lushaCompany, lushaContact, lushaItem, lushaReply } from './lusha.schemas.js';
import type { LushaCompany, LushaContact } from './lusha.schemas.js';
import { ProviderError } from './provider-error.js';
import type { ProviderAccountConfig } from './provider-http.js';
import { accountOf, ProviderHttp } from './provider-http.js';

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
    const reply = lushaReply.safeParse(
      request.entityType === 'company'
        ? await this.http.post('/v3/companies/search-and-enrich', companiesBody(request.entities), signal)
        : await this.http.post('/v3/contacts/search-and-enrich', contactsBody(request), signal),
    );
    if (!reply.success) throw new ProviderError({ provider: this.name, kind: 'retry', code: 'bad_reply' });
    const byReference = new Map<string, unknown>();
    for (const raw of reply.data.results) {
      const item = lushaItem.safeParse(raw);
      if (item.success) byReference.set(item.data.clientReferenceId, raw);
    }
    return request.entities.map((_, index) => resultOf(request.entityType, byReference.get(String(index))));
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

function resultOf(entityType: LookUpRequest['entityType'], raw: unknown): ItemResult {
  const item = lushaItem.safeParse(raw);
  if (!item.success) return { outcome: 'error', code: 'bad_reply', charged: false };
  switch (item.data.error?.code) {
    case undefined:
      return foundIn(entityType, raw);
    case 'NOT_FOUND':
      return { outcome: 'not_found', charged: false };
    case 'COMPLIANCE_RESTRICTED':
      return { outcome: 'error', code: 'restricted', charged: false };
    default:
      return { outcome: 'error', code: 'enrich_failed', charged: false };
  }
}

function foundIn(entityType: LookUpRequest['entityType'], raw: unknown): ItemResult {
  if (entityType === 'company') {
    const company = lushaCompany.safeParse(raw);
    if (company.success) return { outcome: 'found', values: companyValues(company.data), charged: true };
  } else {
    const contact = lushaContact.safeParse(raw);
    if (contact.success) return { outcome: 'found', values: contactValues(contact.data), charged: true };
  }
  return { outcome: 'error', code: 'bad_reply', charged: false };
}

function companyValues(company: LushaCompany): AttributeValues {
  return knownValues({
    industry: company.industry,
    employees: company.employeeCount?.exact,
    revenue: dollarRange(company.revenueRange),
    founded: company.yearFounded,
    country: company.location?.country,
    city: company.location?.city,
    website: websiteOf(company.domain),
    description: company.description,
  });
}

function contactValues(contact: LushaContact): AttributeValues {
  const emails = contact.emails ?? [];
  return knownValues({
    email: (emails.find(({ type }) => type === 'work') ?? emails[0])?.email,
    // Numbers on a do-not-call register are not handed on.
    phone: contact.phones?.find(({ doNotCall }) => doNotCall !== true)?.number,
    title: contact.jobTitle?.title,
    seniority: contact.jobTitle?.seniority,
    company: contact.company?.name,
  });
}
