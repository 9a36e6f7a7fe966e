import { z } from 'zod';

/** Shapes of People Data Labs replies, as far as they are read; further fields do not matter. Source: https://docs.peopledatalabs.com/docs/bulk-company-enrichment-api */
export const pdlReply = z.array(z.unknown());

/** What every item of a bulk reply has. */
export const pdlReference = z.object({ metadata: z.object({ reference: z.string() }) });
export const pdlStatus = z.object({ status: z.number() });

/** The profile of a company stands at the top level of its item. */
export const pdlCompany = z.object({
  industry: z.string().nullish(),
  employee_count: z.number().nullish(),
  inferred_revenue: z.string().nullish(),
  founded: z.number().nullish(),
  website: z.string().nullish(),
  summary: z.string().nullish(),
  location: z.object({ locality: z.string().nullish(), country: z.string().nullish() }).nullish(),
});
export type PdlCompany = z.infer<typeof pdlCompany>;

const pdlPerson = z.object({
  work_email: z.string().nullish(),
  mobile_phone: z.string().nullish(),
  job_title: z.string().nullish(),
  job_title_levels: z.array(z.string()).nullish(),
  job_company_name: z.string().nullish(),
});
export type PdlPerson = z.infer<typeof pdlPerson>;

/** The profile of a person stands under `data`. */
export const pdlPersonItem = z.object({ data: pdlPerson });
