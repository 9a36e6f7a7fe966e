import { z } from 'zod';
import type { CompanyRecord, ContactRecord } from '../data/directory.js';
import { normaliseLookupKey } from '../data/lookup-key.js';
import type { AnswerSource, LookUp, ProviderApi, ProviderRoute } from './provider-api.js';

/** Lusha V3. Sources: https://docs.lusha.com/enrichment/overview, /error-codes, /rate-limiting */
const MAX_ITEMS = 100;
const text = z.string().trim().min(1).max(1_000);
const domain = text.regex(/\./, 'must be a valid domain');
const reference = z.string().optional();

const companiesBody = z.strictObject({
  companies: z
    .array(
      z
        .strictObject({
          clientReferenceId: reference,
          id: text.optional(),
          name: text.optional(),
          domain: domain.optional(),
        })
        .refine(({ id, name, domain }) => id ?? name ?? domain),
    )
    .min(1)
    .max(MAX_ITEMS),
});

const contactsBody = z.strictObject({
  contacts: z
    .array(
      z
        .strictObject({
          clientReferenceId: reference,
          email: text.regex(/^[^@\s]+@[^@\s]+$/, 'must be an email').optional(),
          firstName: text.optional(),
          lastName: text.optional(),
          companyName: text.optional(),
          companyDomain: domain.optional(),
        })
        .refine((item) => item.email ?? (item.firstName && item.lastName && (item.companyDomain ?? item.companyName))),
    )
    .min(1)
    .max(MAX_ITEMS),
  reveal: z
    .array(z.enum(['emails', 'phones']))
    .min(1)
    .optional(),
});

const companies: ProviderRoute = {
  path: '/v3/companies/search-and-enrich',
  entityType: 'company',
  parse: (body) => {
    const parsed = companiesBody.safeParse(body);
    if (!parsed.success) return undefined;
    const lookUps = parsed.data.companies.map((item) => ({
      key: normaliseLookupKey(item.id ?? item.domain ?? item.name ?? ''),
      reference: item.clientReferenceId,
    }));
    return { lookUps };
  },
  answer: ({ lookUps }, source) => {
    const records = lookUps.map(({ key }) => (key === null ? undefined : source.directory.company('lusha', key)));
    return envelope(source, lookUps, records, companyItem);
  },
};

const contacts: ProviderRoute = {
  path: '/v3/contacts/search-and-enrich',
  entityType: 'contact',
  parse: (body) => {
    const parsed = contactsBody.safeParse(body);
    if (!parsed.success) return undefined;
    const lookUps = parsed.data.contacts.map((item) => ({
      key: normaliseLookupKey(
        item.email ?? `${item.firstName ?? ''} ${item.lastName ?? ''}|${item.companyDomain ?? item.companyName ?? ''}`,
      ),
      reference: item.clientReferenceId,
    }));
    return { lookUps, ...(parsed.data.reveal && { reveal: parsed.data.reveal }) };
  },
  answer: ({ lookUps, reveal = ['emails', 'phones'] }, source) => {
    const records = lookUps.map(({ key }) => (key === null ? undefined : source.directory.contact('lusha', key)));
    return envelope(source, lookUps, records, (record) => contactItem(record, reveal));
  },
};

export const lushaApi: ProviderApi = {
  name: 'lusha',
  keyHeader: 'api_key',
  defaultRequestsPerSecond: 25,
  routes: [companies, contacts],
  itemErrors: ['COMPLIANCE_RESTRICTED', 'ENRICH_FAILED'],
  referenceField: 'clientReferenceId',
  withItems: (body, change) => {
    const reply = body as { readonly results: readonly object[] };
    return { ...reply, results: change(reply.results) };
  },
  errorBody: (statusCode, message) => ({ statusCode, message, errors: [] }),
  usageHeaders: ({ requestsPerSecond, minute, hour, day }) =>
    requestsPerSecond === null
      ? {}
      : {
          ...window('minute', requestsPerSecond * 60, minute),
          ...window('hourly', requestsPerSecond * 3_600, hour),
          ...window('daily', requestsPerSecond * 86_400, day),
        },
  chargeHeaders: () => ({}),
};

function window(name: string, limit: number, used: number): Readonly<Record<string, string>> {
  return {
    [`x-rate-limit-${name}`]: String(limit),
    [`x-${name}-requests-left`]: String(Math.max(0, limit - used)),
    [`x-${name}-usage`]: String(used),
  };
}

function envelope<Entity>(
  { callId: requestId, itemError }: AnswerSource,
  lookUps: readonly LookUp[],
  records: readonly (Entity | undefined)[],
  item: (record: Entity) => object,
): { body: unknown; billable: boolean[] } {
  const entries = records.map((record, index) => {
    const code = itemError?.(index) ?? (record === undefined ? 'NOT_FOUND' : undefined);
    const answered = record !== undefined && code === undefined;
    const content = answered ? item(record) : { error: { code, message: ITEM_MESSAGES[code ?? ''] ?? 'Failed' } };
    return { billable: answered, result: { ...referenceOf(lookUps[index]), ...content } };
  });
  const billable = entries.map((entry) => entry.billable);
  const matched = billable.filter(Boolean).length;
  const billing = { creditsCharged: matched, resultsReturned: matched };
  return { body: { requestId, results: entries.map(({ result }) => result), billing }, billable };
}

const ITEM_MESSAGES: Readonly<Record<string, string>> = {
  NOT_FOUND: 'No match was found',
  COMPLIANCE_RESTRICTED: 'This record cannot be shared for compliance reasons',
  ENRICH_FAILED: 'The record could not be enriched',
};

function referenceOf(lookUp: LookUp | undefined): object {
  return lookUp?.reference === undefined ? {} : { clientReferenceId: lookUp.reference };
}

function companyItem({ id, name, revenueRange, values }: CompanyRecord): object {
  const { employees } = values;
  return {
    id,
    name,
    domain: values.website?.replace('https://', '') ?? null,
    description: values.description ?? null,
    companyType: 'Private',
    yearFounded: values.founded ?? null,
    employeeCount: employees === undefined ? null : { exact: employees, min: null, max: null },
    industry: values.industry ?? null,
    location: { city: values.city ?? null, country: values.country ?? null },
    revenueRange: values.revenue === undefined ? null : { min: revenueRange[0], max: revenueRange[1] },
    socialLinks: { linkedin: null },
  };
}

function contactItem({ id, firstName, lastName, values }: ContactRecord, reveal: readonly string[]): object {
  const emails = values.email === undefined ? [] : [{ email: values.email, type: 'work', confidence: 'A+' }];
  const phones = values.phone === undefined ? [] : [{ number: values.phone, type: 'mobile', doNotCall: false }];
  return {
    id,
    firstName,
    lastName,
    fullName: `${firstName} ${lastName}`,
    jobTitle: { title: values.title ?? null, seniority: values.seniority ?? null },
    company: { name: values.company ?? null },
    ...(reveal.includes('emails') && { emails }),
    ...(reveal.includes('phones') && { phones }),
  };
}
