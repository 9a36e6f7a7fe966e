import type { AttributeValues, ItemResult, LookUpRequest } from './enrich-provider.js';
import { EnrichProvider } from './enrich-provider.js';
import type { EntityIdentity } from './entity-identity.js';
import { knownValues, titleCase, websiteOf } from './attribute-values.js';
import { pdlCompany, pdlItem, pdlPersonItem, pdlReply } from './pdl.schemas.js';
import type { PdlCompany, PdlPerson } from './pdl.schemas.js';
import { ProviderError } from './provider-error.js';
import type { ProviderAccountConfig } from './provider-http.js';
import { accountOf, ProviderHttp } from './provider-http.js';

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

  override async lookUp(request: LookUpRequest, signal: AbortSignal): Promise<readonly ItemResult[]> {
    const company = request.entityType === 'company';
    const body = {
      requests: request.entities.map((entity, index) => ({
        params: company ? companyParams(entity) : personParams(entity),
        metadata: { reference: String(index) },
      })),
    };
    const reply = pdlReply.safeParse(
      await this.http.post(company ? '/v5/company/enrich/bulk' : '/v5/person/bulk', body, signal),
    );
    if (!reply.success) throw new ProviderError({ provider: this.name, kind: 'retry', code: 'bad_reply' });
    const byReference = new Map<string, unknown>();
    for (const raw of reply.data) {
      const item = pdlItem.safeParse(raw);
      if (item.success) byReference.set(item.data.metadata.reference, raw);
    }
    return request.entities.map((_, index) => resultOf(request.entityType, byReference.get(String(index))));
  }
}

function companyParams({ name, domain }: EntityIdentity): unknown {
  return { ...(name !== undefined && { name }), ...(domain !== undefined && { website: domain }) };
}

function personParams({ name, domain, email }: EntityIdentity): unknown {
  return email === undefined ? { name, company: domain } : { email };
}

function resultOf(entityType: LookUpRequest['entityType'], raw: unknown): ItemResult {
  const item = pdlItem.safeParse(raw);
  if (!item.success) return { outcome: 'error', code: 'bad_reply', charged: false };
  const { status } = item.data;
  if (status === 404) return { outcome: 'not_found', charged: false };
  if (status !== 200) return { outcome: 'error', code: status < 500 ? 'bad_request' : 'enrich_failed', charged: false };
  if (entityType === 'company') {
    const company = pdlCompany.safeParse(raw);
    if (company.success) return { outcome: 'found', values: companyValues(company.data), charged: true };
  } else {
    const person = pdlPersonItem.safeParse(raw);
    if (person.success) return { outcome: 'found', values: personValues(person.data.data), charged: true };
  }
  return { outcome: 'error', code: 'bad_reply', charged: false };
}

function companyValues(company: PdlCompany): AttributeValues {
  return knownValues({
    industry: titleCase(company.industry),
    employees: company.employee_count,
    revenue: company.inferred_revenue,
    founded: company.founded,
    country: titleCase(company.location?.country),
    city: titleCase(company.location?.locality),
    website: websiteOf(company.website),
    description: company.summary,
  });
}

function personValues(person: PdlPerson): AttributeValues {
  return knownValues({
    email: person.work_email,
    phone: person.mobile_phone,
    title: titleCase(person.job_title),
    seniority: person.job_title_levels?.[0],
    company: titleCase(person.job_company_name),
  });
}
