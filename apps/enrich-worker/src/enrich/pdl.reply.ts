import { ProviderError, itemsByRow, type EntityType } from '@uno/worker-kit';
import { knownValues, titleCase, websiteOf, type KnownValues } from './attribute-values.js';
import type { ItemResult } from './enrich-provider.js';
import {
  pdlCompany,
  pdlPersonItem,
  pdlReference,
  pdlReply,
  pdlStatus,
  type PdlCompany,
  type PdlPerson,
} from './pdl.schemas.js';

/**
 * What People Data Labs said of each row of a call.
 *
 * @param reply parsed JSON, whatever it holds.
 * @throws ProviderError of kind `answer` when the reply as a whole cannot be believed.
 */
export function readPdlReply(
  reply: unknown,
  { entityType, rows }: { readonly entityType: EntityType; readonly rows: number },
): readonly ItemResult[] {
  const envelope = pdlReply.safeParse(reply);
  if (!envelope.success) throw ProviderError.ofAnswer('pdl', 'provider_invalid_answer');
  const items = envelope.data.map((raw) => ({ reference: pdlReference.safeParse(raw).data?.metadata.reference, raw }));
  return itemsByRow('pdl', rows, items).map((raw) => resultOf(entityType, raw));
}

function resultOf(entityType: EntityType, raw: unknown): ItemResult {
  if (raw === undefined) return { outcome: 'unanswered', code: 'provider_row_missing', charged: false };
  const status = pdlStatus.safeParse(raw).data?.status;
  const known = status === 200 ? knownIn(entityType, raw) : undefined;
  if (known !== undefined) return { outcome: 'found', ...known, charged: true };
  if (status === undefined || status === 200) {
    return { outcome: 'unanswered', code: 'provider_row_invalid', charged: false };
  }
  if (status === 404) return { outcome: 'not_found', charged: false };
  const code = status < 500 ? 'provider_refused_row' : 'provider_enrich_failed';
  return { outcome: 'error', code, charged: false };
}

function knownIn(entityType: EntityType, raw: unknown): KnownValues | undefined {
  if (entityType === 'company') {
    const company = pdlCompany.safeParse(raw);
    return company.success ? companyValues(company.data) : undefined;
  }
  const person = pdlPersonItem.safeParse(raw);
  return person.success ? personValues(person.data.data) : undefined;
}

function companyValues(company: PdlCompany): KnownValues {
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

function personValues(person: PdlPerson): KnownValues {
  return knownValues({
    email: person.work_email,
    phone: person.mobile_phone,
    title: titleCase(person.job_title),
    seniority: person.job_title_levels?.[0],
    company: titleCase(person.job_company_name),
  });
}
