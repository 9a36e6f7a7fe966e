import { z } from 'zod';
import { MAX_PROPERTY_LENGTH } from './property-values.js';

/**
 * Shapes of HubSpot's batch replies, as far as they are read; further fields do not matter.
 * Source: https://developers.hubspot.com/docs/api-reference/crm-companies-v3/batch
 */
export const hubspotReply = z.object({
  results: z.array(z.unknown()).max(1_000),
  /** Of a 207. */
  errors: z.array(z.unknown()).max(1_000).default([]),
});

/** Half of a character, and NUL: neither can be kept in the journal. */
const NOT_TEXT = /[\p{Surrogate}\0]/u;
const propertyValue = z
  .string()
  .max(MAX_PROPERTY_LENGTH)
  .refine((text) => !NOT_TEXT.test(text));

export const hubspotRecord = z.object({
  id: z.string().min(1).max(64),
  properties: z.record(z.string(), propertyValue.nullable()),
  objectWriteTraceId: z.string().optional(),
});
export type HubspotItem = z.infer<typeof hubspotRecord>;

/** What became of some inputs of the call. Source: https://developers.hubspot.com/docs/api-reference/error-handling */
export const hubspotError = z.object({
  category: z.string(),
  context: z.object({
    ids: z.array(z.string()).default([]),
    objectWriteTraceId: z.array(z.string()).default([]),
  }),
});
export type HubspotError = z.infer<typeof hubspotError>;

/** A call that was refused because of a property. */
export const hubspotPropertyRefusal = z.object({
  errors: z.array(z.object({ code: z.string(), context: z.object({ propertyName: z.array(z.string()) }) })),
});
