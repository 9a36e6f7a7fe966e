import { ProviderError, itemsByRow, type EntityType } from '@uno/worker-kit';
import { dollarRange, knownValues, websiteOf, type KnownValues } from './attribute-values.js';
import type { ItemResult } from './enrich-provider.js';
import {
  lushaCompany,
  lushaContact,
  lushaItemError,
  lushaReference,
  lushaReply,
  type LushaCompany,
  type LushaContact,
} from './lusha.schemas.js';

/**
 * What Lusha said of each row of a call.
 *
 * @param reply parsed JSON, whatever it holds.
 * @throws ProviderError of kind `answer` when the reply as a whole cannot be believed.
 */
export function readLushaReply(
  reply: unknown,
  { entityType, rows }: { readonly entityType: EntityType; readonly rows: number },
): readonly ItemResult[] {
  const envelope = lushaReply.safeParse(reply);
  if (!envelope.success) throw ProviderError.ofAnswer('lusha', 'provider_invalid_answer');
  const items = envelope.data.results.map((raw) => ({
    reference: lushaReference.safeParse(raw).data?.clientReferenceId,
    raw,
  }));
  return itemsByRow('lusha', rows, items).map((raw) => resultOf(entityType, raw));
}

function resultOf(entityType: EntityType, raw: unknown): ItemResult {
  if (raw === undefined) return { outcome: 'unanswered', code: 'provider_row_missing', charged: false };
  const item = lushaItemError.safeParse(raw);
  const known = item.success ? knownIn(entityType, raw) : undefined;
  switch (item.data?.error?.code) {
    case undefined:
      if (known === undefined) return { outcome: 'unanswered', code: 'provider_row_invalid', charged: false };
      return { outcome: 'found', ...known, charged: true };
    case 'NOT_FOUND':
      return { outcome: 'not_found', charged: false };
    case 'COMPLIANCE_RESTRICTED':
      return { outcome: 'error', code: 'provider_restricted', charged: false };
    default:
      return { outcome: 'error', code: 'provider_enrich_failed', charged: false };
  }
}

function knownIn(entityType: EntityType, raw: unknown): KnownValues | undefined {
  if (entityType === 'company') {
    const company = lushaCompany.safeParse(raw);
    return company.success ? companyValues(company.data) : undefined;
  }
  const contact = lushaContact.safeParse(raw);
  return contact.success ? contactValues(contact.data) : undefined;
}

function companyValues(company: LushaCompany): KnownValues {
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

function contactValues(contact: LushaContact): KnownValues {
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
