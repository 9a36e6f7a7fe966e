import { z } from 'zod';
import type { CompanyRecord, ContactRecord } from '../data/directory.js';
import { normaliseLookupKey } from '../data/lookup-key.js';
import type { ItemShape } from './misshapen.js';
import { misshapenList, unbilled } from './misshapen.js';
import type { Answer, AnswerSource, Inquiry, LookUp, ProviderApi, ProviderRoute } from './provider-api.js';

/**
 * People Data Labs v5. Sources: https://docs.peopledatalabs.com/docs/bulk-company-enrichment-api,
 * /docs/bulk-enrichment-api, /docs/errors, /docs/usage-limits
 */
const text = z.string().trim().min(1).max(1_000).optional().catch(undefined);

const bulkBody = z.object({
  requests: z
    .array(
      z.object({
        params: z.object({ name: text, website: text, email: text, company: text }),
        metadata: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .min(1)
    .max(100),
});
type Params = z.infer<typeof bulkBody>['requests'][number]['params'];

const shape: ItemShape = {
  referenceField: 'metadata',
  withItems: (body, change) => change(body as readonly object[]),
};

const companies: ProviderRoute = {
  path: '/v5/company/enrich/bulk',
  parse: (body) =>
    parseBulk(body, {
      creditsType: 'enrich_company',
      identify: ({ website, name }) => website ?? name,
      profileOf: (key, { directory }) => {
        const record = directory.company('pdl', key);
        return record && { status: 200, likelihood: 8, ...companyProfile(record) };
      },
    }),
  misshape: (answer, part) => unbilled(answer, misshapenList(shape, answer.body, part)),
};

const persons: ProviderRoute = {
  path: '/v5/person/bulk',
  parse: (body) =>
    parseBulk(body, {
      creditsType: 'enrich',
      identify: ({ email, name, company }) => email ?? (name && company && `${name}|${company}`),
      profileOf: (key, { directory }) => {
        const record = directory.contact('pdl', key);
        return record && { status: 200, likelihood: 8, data: personProfile(record) };
      },
    }),
  misshape: (answer, part) => unbilled(answer, misshapenList(shape, answer.body, part)),
};

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'payment_required',
  403: 'permission_error',
  404: 'not_found',
  429: 'rate_limit_error',
};

const ITEM_STATUSES: Readonly<Record<string, number>> = { invalid_request_error: 400, api_error: 500 };

export const pdlApi: ProviderApi = {
  name: 'pdl',
  keyHeader: 'x-api-key',
  defaultRequestsPerSecond: null,
  routes: [companies, persons],
  itemErrors: Object.keys(ITEM_STATUSES),
  wrongParts: ['envelope', 'items', 'references'],
  outOfCreditsStatus: 402,
  errorBody: (status, message) => ({ status, error: { type: ERROR_TYPES[status] ?? 'api_error', message } }),
  usageHeaders: ({ requestsPerSecond, minute }) =>
    requestsPerSecond === null
      ? {}
      : {
          'x-ratelimit-limit': JSON.stringify({ minute: requestsPerSecond * 60 }),
          'x-ratelimit-remaining': JSON.stringify({ minute: Math.max(0, requestsPerSecond * 60 - minute) }),
        },
};

interface BulkRoute {
  readonly creditsType: string;
  readonly identify: (params: Params) => string | undefined;
  readonly profileOf: (key: string, source: AnswerSource) => object | undefined;
}

function parseBulk(body: unknown, route: BulkRoute): Inquiry | undefined {
  const parsed = bulkBody.safeParse(body);
  if (!parsed.success) return undefined;
  const lookUps = parsed.data.requests.map(({ params, metadata }) => {
    const identity = route.identify(params);
    return { key: identity ? normaliseLookupKey(identity) : null, reference: metadata };
  });
  return { lookUps, answer: (source) => bulkAnswer(source, lookUps, route) };
}

function bulkAnswer(source: AnswerSource, lookUps: readonly LookUp[], route: BulkRoute): Answer {
  const entries = lookUps.map(({ key, reference }, index) => {
    const fault = source.itemFault?.(index);
    const profile = key === null || fault !== undefined ? undefined : route.profileOf(key, source);
    const metadata = reference === undefined ? {} : { metadata: reference };
    const code = typeof fault === 'object' ? fault.code : undefined;
    return {
      answered: fault !== 'left_out',
      billable: profile !== undefined,
      item: { ...metadata, ...(profile ?? failedItem(key, code)) },
    };
  });
  const billable = entries.map((entry) => entry.billable);
  return {
    body: entries.filter(({ answered }) => answered).map(({ item }) => item),
    billable,
    headers: {
      'x-call-credits-spent': String(billable.filter(Boolean).length),
      'x-call-credits-type': route.creditsType,
    },
  };
}

function failedItem(key: string | null, code: string | undefined): object {
  if (code !== undefined) return { status: ITEM_STATUSES[code], error: { type: code, message: 'The request failed.' } };
  return key === null
    ? { status: 400, error: { type: 'invalid_request_error', message: 'Request contained no data.' } }
    : { status: 404, error: { type: 'not_found', message: 'No records were found matching your request' } };
}

/** Names, places and industries come in lower case, as in the real data set; what is not known is null. */
function companyProfile({ id, name, values }: CompanyRecord): object {
  const locality = values.city?.toLowerCase() ?? null;
  const country = values.country?.toLowerCase() ?? null;
  return {
    id,
    name: name.toLowerCase(),
    display_name: name,
    employee_count: values.employees ?? null,
    founded: values.founded ?? null,
    inferred_revenue: values.revenue ?? null,
    industry: values.industry?.toLowerCase() ?? null,
    location: { name: [locality, country].filter(Boolean).join(', '), locality, country },
    website: values.website?.replace('https://', '') ?? null,
    summary: values.description ?? null,
  };
}

function personProfile({ id, firstName, lastName, values }: ContactRecord): object {
  return {
    id,
    full_name: `${firstName} ${lastName}`.toLowerCase(),
    first_name: firstName.toLowerCase(),
    last_name: lastName.toLowerCase(),
    work_email: values.email ?? null,
    mobile_phone: values.phone ?? null,
    job_title: values.title?.toLowerCase() ?? null,
    job_title_levels: values.seniority === undefined ? [] : [values.seniority],
    job_company_name: values.company?.toLowerCase() ?? null,
  };
}
