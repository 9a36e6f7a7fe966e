import { z } from 'zod';
import { controlState } from './page-api.js';

/** Records that one call of the effect journal names at most. */
export const MAX_EFFECTS_PER_CALL = 100;
/** What a record held or shall hold, as JSON. */
export const MAX_EFFECT_BYTES = 64 * 1024;

/** Values of one property that a revert is told beside the last. */
export const MAX_EARLIER_VALUES = 8;

/** The record at the provider that a write is about, found by a property that is unique there. */
export const effectTarget = z.object({
  object: z.string().min(1).max(64),
  idProperty: z.string().min(1).max(128),
  value: z.string().min(1).max(512),
});
export type EffectTarget = z.infer<typeof effectTarget>;

const properties = z.record(z.string().max(128), z.json());

/** An external write that is about to be made. */
export const effect = z.object({
  rowId: z.string().max(64),
  columnId: z.string().max(64),
  /** Idempotency key of the write: the same for every try of it. */
  key: z.string().min(1).max(128),
  target: effectTarget,
  /** What the record held in the properties of `after` before this try; null where there was no record. */
  before: properties.nullable(),
  /** What the write sets. */
  after: properties,
});
export type Effect = z.infer<typeof effect>;

/**
 * `POST …/steps/:stepNo/effects`: the effect journal, insert-only per job, record and try, written **before** the external
 * write and under the same fence and open page as results. The reply has the order of the request.
 */
export const effectsRequest = z.object({
  fence: z.number().int().nonnegative(),
  effects: z.array(effect).min(1).max(MAX_EFFECTS_PER_CALL),
});
export type EffectsRequest = z.infer<typeof effectsRequest>;
export const effectsReply = z.object({
  control: controlState,
  /** Whether the record existed before the first try of this write (job, record and key): that try may have created it. */
  effects: z.array(z.object({ existedBefore: z.boolean() })),
});
export type EffectsReply = z.infer<typeof effectsReply>;

/** What there is to take back at one record: the first `before` of the job there and the last `after` (rule R7). */
export const journaledEffect = z.object({
  target: effectTarget,
  before: properties.nullable(),
  after: properties,
  /**
   * Of a record that was tried more than once: what was to be set before `after`, by property, latest first, at most
   * {@link MAX_EARLIER_VALUES} each. Any of these writes may be the last that was made.
   */
  earlier: z.record(z.string(), z.array(z.json()).max(MAX_EARLIER_VALUES)).optional(),
});
export type JournaledEffect = z.infer<typeof journaledEffect>;

/**
 * `GET …/steps/:stepNo/effects?fence=F&cursor=` of a job that is compensated: the records that the step wrote and that have no
 * outcome yet, by record, at most {@link MAX_EFFECTS_PER_CALL} at a time.
 */
export const effectsPage = z.object({
  workspaceId: z.string(),
  items: z.array(journaledEffect),
  nextCursor: z.string().nullable(),
});
export type EffectsPage = z.infer<typeof effectsPage>;

/**
 * `restored`: it holds what it held before. `archived`: the job had created it. `unchanged`: the write never came about.
 * `changed_meanwhile`: somebody else changed it since, so it was left as it is.
 */
export const effectOutcome = z.enum(['restored', 'archived', 'unchanged', 'changed_meanwhile']);
export type EffectOutcome = z.infer<typeof effectOutcome>;

/** `POST …/steps/:stepNo/effects/outcomes`: how the revert of records ended. A repeat changes nothing. */
export const outcomesRequest = z.object({
  fence: z.number().int().nonnegative(),
  outcomes: z
    .array(z.object({ target: effectTarget, outcome: effectOutcome }))
    .min(1)
    .max(MAX_EFFECTS_PER_CALL),
});
export type OutcomesRequest = z.infer<typeof outcomesRequest>;
export const outcomesReply = z.object({ recorded: z.number().int().nonnegative() });
export type OutcomesReply = z.infer<typeof outcomesReply>;
