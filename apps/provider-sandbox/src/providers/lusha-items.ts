import type { CompanyRecord, ContactRecord } from '../data/directory.js';

/** How Lusha shows a company or a contact: in full, or as the preview that a search gives. */
export function companyItem(record: CompanyRecord): object {
  const { revenueRange, values } = record;
  const { socialLinks, ...preview } = companyCore(record);
  return {
    ...preview,
    description: values.description ?? null,
    companyType: 'Private',
    yearFounded: values.founded ?? null,
    revenueRange: values.revenue === undefined ? null : { min: revenueRange[0], max: revenueRange[1] },
    socialLinks,
  };
}

export function companyPreview(record: CompanyRecord): object {
  return { ...companyCore(record), has: ['description', 'companyType', 'yearFounded'], canReveal: [] };
}

function companyCore({ id, name, values }: CompanyRecord) {
  return {
    id,
    name,
    domain: values.website?.replace('https://', '') ?? null,
    employeeCount: values.employees === undefined ? null : { exact: values.employees, min: null, max: null },
    industry: values.industry ?? null,
    location: { city: values.city ?? null, country: values.country ?? null },
    socialLinks: { linkedin: null },
  };
}

export function contactItem(record: ContactRecord, reveal: readonly string[]): object {
  const { firstName, lastName, values } = record;
  const emails = values.email === undefined ? [] : [{ email: values.email, type: 'work', confidence: 'A+' }];
  const phones = values.phone === undefined ? [] : [{ number: values.phone, type: 'mobile', doNotCall: false }];
  return {
    ...contactCore(record),
    fullName: `${firstName} ${lastName}`,
    ...(reveal.includes('emails') && { emails }),
    ...(reveal.includes('phones') && { phones }),
  };
}

export function contactPreview(record: ContactRecord): object {
  const reveals = (['email', 'phone'] as const).filter((field) => record.values[field] !== undefined);
  return {
    ...contactCore(record),
    has: ['firstName', 'lastName', 'jobTitle', ...reveals.map((field) => `${field}s`)],
    canReveal: reveals.map((field) => ({ field: `${field}s`, credits: 1 })),
  };
}

function contactCore({ id, firstName, lastName, values }: ContactRecord) {
  return {
    id,
    firstName,
    lastName,
    jobTitle: { title: values.title ?? null, seniority: values.seniority ?? null },
    company: { name: values.company ?? null },
  };
}

const ITEM_MESSAGES: Readonly<Record<string, string>> = {
  NOT_FOUND: 'No match was found',
  COMPLIANCE_RESTRICTED: 'This record cannot be shared for compliance reasons',
  ENRICH_FAILED: 'The record could not be enriched',
};

export function itemError(code: string): object {
  return { error: { code, message: ITEM_MESSAGES[code] ?? 'Failed' } };
}
