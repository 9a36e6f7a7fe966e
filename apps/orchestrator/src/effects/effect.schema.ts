import { effectOutcome } from '@uno/workflow-contracts';
import { z } from 'zod';
import { jsonView } from '../openapi/json.schema.js';
import { cursorLike, limit, pageOf } from '../openapi/paging.schema.js';
import { RECORD_PATTERN } from './effect-record.js';

/** `GET /v1/jobs/:jobId/effects` */
export const effectQuery = z.object({
  limit,
  cursor: cursorLike(RECORD_PATTERN),
  outcome: z
    .enum([...effectOutcome.options, 'open'])
    .optional()
    .describe('How the revert of a record ended; open: it has no outcome'),
});
export type EffectQuery = z.infer<typeof effectQuery>;

const effectView = z
  .object({
    service: z.string(),
    pageNo: z.number().int(),
    rowId: z.string(),
    columnId: z.string(),
    target: z
      .object({ object: z.string(), idProperty: z.string(), value: z.string() })
      .describe('The record: found at the provider by a property that is unique there'),
    before: z.record(z.string(), jsonView).nullable().describe('What the job found there first; null: no record'),
    after: z.record(z.string(), jsonView).describe('What the job set there last'),
    outcome: effectOutcome.nullable().describe('How its revert ended; null where there was none, or not yet'),
  })
  .meta({ id: 'Effect' });
export type EffectView = z.infer<typeof effectView>;

export const effectPage = pageOf(effectView).meta({ id: 'EffectPage' });
export type EffectPage = z.infer<typeof effectPage>;

/** Of the Page API: `GET …/effects` */
export const stepEffectsQuery = z.object({
  fence: z.coerce.number().int().nonnegative().max(2_000_000_000),
  cursor: cursorLike(RECORD_PATTERN),
});
export type StepEffectsQuery = z.infer<typeof stepEffectsQuery>;
