import { z } from 'zod';

/** Shapes of Lusha V3 replies, as far as they are read; further fields do not matter. Source: https://docs.lusha.com/enrichment/overview */
export const lushaReply = z.object({ results: z.array(z.unknown()) });

/** What every item has, whether it was matched or not. */
export const lushaReference = z.object({ clientReferenceId: z.string() });
export const lushaItemError = z.object({ error: z.object({ code: z.string() }).nullish() });

const dollars = z.number().nonnegative().max(1e15);
const location = z.object({ city: z.string().nullish(), country: z.string().nullish() });

export const lushaCompany = z.object({
  name: z.string().nullish(),
  domain: z.string().nullish(),
  description: z.string().nullish(),
  industry: z.string().nullish(),
  yearFounded: z.number().nullish(),
  employeeCount: z.object({ exact: z.number().nullish() }).nullish(),
  revenueRange: z.object({ min: dollars.nullish(), max: dollars.nullish() }).nullish(),
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
