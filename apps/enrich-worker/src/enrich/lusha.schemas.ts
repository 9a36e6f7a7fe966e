import { z } from 'zod';

/** Shapes of Lusha V3 replies, as far as they are read. Source: https://docs.lusha.com/enrichment/overview */
const itemError = z.object({ code: z.string() });

export const lushaReply = z.object({ results: z.array(z.unknown()) });

/** What every item has, whether it was matched or not. */
export const lushaItem = z.object({ clientReferenceId: z.coerce.string(), error: itemError.nullish() });

const location = z.object({ city: z.string().nullish(), country: z.string().nullish() });

export const lushaCompany = z.object({
  name: z.string().nullish(),
  domain: z.string().nullish(),
  description: z.string().nullish(),
  industry: z.string().nullish(),
  yearFounded: z.number().nullish(),
  employeeCount: z.object({ exact: z.number().nullish() }).nullish(),
  revenueRange: z.object({ min: z.number().nullish(), max: z.number().nullish() }).nullish(),
  location: location.nullish(),
});
export type LushaCompany = z.infer<typeof lushaCompany>;

export const lushaContact = z.object({
  jobTitle: z.object({ title: z.string().nullish(), seniority: z.string().nullish() }).nullish(),
  company: z.object({ name: z.string().nullish() }).nullish(),
  emails: z.array(z.object({ email: z.string(), type: z.string().nullish() })).nullish(),
  phones: z.array(z.object({ number: z.string(), doNotCall: z.boolean().nullish() })).nullish(),
});
export type LushaContact = z.infer<typeof lushaContact>;
