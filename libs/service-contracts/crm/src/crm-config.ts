import { CHOICES_KEYWORD, defineService, KEY_OF_KEYWORD, REFERENCE_KEYWORD } from '@uno/workflow-contracts';
import { z } from 'zod';

export const MAX_MAPPED_PROPERTIES = 50;

/** Internal name of a property in the CRM. */
const propertyName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[a-z][a-z0-9_]*$/);

const crmObject = z.enum(['company', 'contact']);
export type CrmObject = z.infer<typeof crmObject>;

/** What every list can say of its rows (its `identity`): a record is found by one of these, or by a property that is mapped. */
const IDENTITY = ['name', 'domain', 'email'];

/** What a property takes its value from. */
const source = z
  .string()
  .min(1)
  .max(200)
  .meta({ title: 'Value', [REFERENCE_KEYWORD]: 'name' });

/** Config of a CRM column: which record a row is, and what is written there. */
export const crmConfig = z.strictObject({
  object: crmObject.meta({
    title: 'Record',
    description: 'What each row becomes in the CRM',
    [CHOICES_KEYWORD]: { company: ['company'], contact: ['contact'] },
  }),
  matchOn: propertyName.meta({
    title: 'Match on',
    description: 'The unique property by which a record is found, for example domain or email',
    [KEY_OF_KEYWORD]: { of: 'map', or: IDENTITY },
  }),
  map: z
    .record(propertyName, source)
    .refine((map) => Object.keys(map).length >= 1 && Object.keys(map).length <= MAX_MAPPED_PROPERTIES)
    .meta({
      title: 'Properties',
      description: 'Property of the record, and the attribute or column that it takes its value from',
      minProperties: 1,
      maxProperties: MAX_MAPPED_PROPERTIES,
    }),
});
export type CrmConfig = z.infer<typeof crmConfig>;

/** What a filled cell holds. */
export const crmValue = z.object({ recordId: z.string(), outcome: z.enum(['created', 'updated']) });
export type CrmValue = z.infer<typeof crmValue>;

export const CRM_TASK_QUEUE = 'crm';

/** Catalogue entry of the CRM service. */
export const crmService = defineService({
  id: 'crm',
  title: 'CRM',
  description: 'Writes each row into the CRM as a company or contact: creates what is missing, updates what is there.',
  entityTypes: ['company', 'contact'],
  returns: 'the record and whether it was created or updated',
  price: 1,
  capabilities: { batch: false, revert: true, approval: false },
  taskQueue: CRM_TASK_QUEUE,
  contractVersion: 1,
  inputs: 'references',
  config: crmConfig,
});
