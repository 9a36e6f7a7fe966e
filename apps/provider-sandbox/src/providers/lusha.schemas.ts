import { z } from 'zod';

/** What Lusha V3 takes. Source: https://docs.lusha.com/_bundle/apis/@v3/openapi.json */
const MAX_ITEMS = 100;
const text = z.string().trim().min(1).max(1_000);
const id = z.string().trim().min(1).max(4_000).optional();
const domain = text.regex(/\./, 'must be a valid domain');
const reference = z.string().optional();
const options = z.record(z.string(), z.unknown()).optional();

export const companiesBody = z.strictObject({
  companies: z
    .array(
      z
        .strictObject({ clientReferenceId: reference, id, name: text.optional(), domain: domain.optional() })
        .refine((item) => item.id ?? item.name ?? item.domain),
    )
    .min(1)
    .max(MAX_ITEMS),
  options,
});

const contact = z
  .strictObject({
    clientReferenceId: reference,
    id,
    email: text.regex(/^[^@\s]+@[^@\s]+$/, 'must be an email').optional(),
    firstName: text.optional(),
    lastName: text.optional(),
    companyName: text.optional(),
    companyDomain: domain.optional(),
  })
  .refine(
    (item) => item.id ?? item.email ?? (item.firstName && item.lastName && (item.companyDomain ?? item.companyName)),
  );
export type ContactItem = z.infer<typeof contact>;

export const contactsBody = z.strictObject({
  contacts: z.array(contact).min(1).max(MAX_ITEMS),
  reveal: z
    .array(z.enum(['emails', 'phones']))
    .min(1)
    .optional(),
  options,
});

const NEWS_TYPES = [
  ...['riskNews', 'commercialActivityNews', 'corporateStrategyNews', 'financialEventsNews'],
  ...['peopleNews', 'marketIntelligenceNews', 'productActivityNews'],
];
const COMPANY_SIGNAL_TYPES = [
  ...['allSignals', 'linkedinActivityIntent', 'websiteTrafficDecrease', 'websiteTrafficIncrease'],
  ...['itSpendIncrease', 'itSpendDecrease'],
  ...['surgeInHiring', 'surgeInHiringByDepartment', 'surgeInHiringByLocation'],
  ...['1m', '3m', '6m', '12m'].flatMap((time) => [`headcountIncrease${time}`, `headcountDecrease${time}`]),
  ...NEWS_TYPES,
];

const signalsBody = (types: readonly string[]) =>
  z.object({
    ids: z.array(z.string().trim().min(1).max(4_000)).min(1).max(MAX_ITEMS),
    signalTypes: z.array(z.enum(types)).min(1),
    startDate: z.iso.date().optional(),
    maxResultsPerSignal: z.number().int().min(1).max(100).default(10),
  });

export const companySignalsBody = signalsBody(COMPANY_SIGNAL_TYPES);
export const contactSignalsBody = signalsBody(['allSignals', 'promotion', 'companyChange']);
export type SignalsBody = z.infer<typeof companySignalsBody>;
