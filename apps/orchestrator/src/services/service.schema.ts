import { serviceRegistration } from '@uno/workflow-contracts';
import { z } from 'zod';
import { jsonView } from '../openapi/json.schema.js';

/** A service as the catalogue shows it. */
export const serviceView = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    entityTypes: z.array(z.string()),
    returns: z.string().describe('What a filled cell holds'),
    config: z.record(z.string(), jsonView).describe("JSON Schema (draft 2020-12) of a column's config"),
    price: z.int().describe('Credits per filled cell'),
    capabilities: z.object({ batch: z.boolean(), revert: z.boolean(), approval: z.boolean() }),
    online: z.boolean().describe('A worker of the service was heard of within the last minute'),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: 'Service' });
export type ServiceView = z.infer<typeof serviceView>;

export const serviceCatalogue = z
  .object({ items: z.array(serviceView), nextCursor: z.null() })
  .meta({ id: 'ServiceCatalogue' });
export type ServiceCatalogue = z.infer<typeof serviceCatalogue>;

export const servicePath = z.object({ serviceId: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/) });
export type ServicePath = z.infer<typeof servicePath>;

/** Largest number that a column of type integer holds. */
const MAX_INTEGER = 2_147_483_647;
const { contractVersion, absentAfterSeconds } = serviceRegistration.shape;

/** The contract's registration, as far as it can be stored. */
export const storableRegistration = serviceRegistration.extend({
  contractVersion: contractVersion.max(MAX_INTEGER),
  absentAfterSeconds: absentAfterSeconds.refine((seconds) => seconds <= MAX_INTEGER, `must be at most ${MAX_INTEGER}`),
});
