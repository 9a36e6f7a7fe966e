import { CHOICES_KEYWORD, defineService } from '@uno/workflow-contracts';
import { z } from 'zod';

export const COMPANY_ATTRIBUTES = [
  'industry',
  'employees',
  'revenue',
  'founded',
  'country',
  'city',
  'website',
  'description',
] as const;
export const CONTACT_ATTRIBUTES = ['email', 'phone', 'title', 'seniority', 'company'] as const;

export const enrichAttribute = z.enum([...COMPANY_ATTRIBUTES, ...CONTACT_ATTRIBUTES]);
export type EnrichAttribute = z.infer<typeof enrichAttribute>;

/** Config of an enrich column: which attribute of the entity its cells hold. */
export const enrichConfig = z.strictObject({
  attribute: enrichAttribute.meta({
    title: 'Attribute',
    description: 'What to look up for each row',
    [CHOICES_KEYWORD]: { company: COMPANY_ATTRIBUTES, contact: CONTACT_ATTRIBUTES },
  }),
});
export type EnrichConfig = z.infer<typeof enrichConfig>;

export const ENRICH_TASK_QUEUE = 'enrich';

/** Catalogue entry of the enrich service. */
export const enrichService = defineService({
  id: 'enrich',
  title: 'Enrich',
  description: 'Company and contact data from several providers, asked one after another until one knows.',
  entityTypes: ['company', 'contact'],
  returns: 'text or number',
  price: 1,
  capabilities: { batch: false, revert: false, approval: false },
  taskQueue: ENRICH_TASK_QUEUE,
  contractVersion: 1,
  inputs: 'identity',
  config: enrichConfig,
});
