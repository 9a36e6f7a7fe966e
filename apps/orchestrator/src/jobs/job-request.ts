import { z } from 'zod';
import { id, pageOf, pageQuery } from '../openapi/paging.schema.js';

export const MAX_COLUMNS_PER_JOB = 50;
export const MAX_CHOSEN_ROWS = 10_000;

const undoMode = z.enum(['rollback', 'keep']).default('rollback');
/** A page is what is kept or undone, never a part of it: cells that were filled on a page that is still open are not paid. */
const UNDO_MODES =
  '`rollback` gives every cell its former value and every credit back; `keep` keeps the pages of rows that were finished and ' +
  'paid (or cost nothing), and gives all other cells their former values, also those filled on a page that was not finished';

/** What `POST /v1/lists/:listId/jobs` and `/quotes` take. */
export const jobRequest = z.strictObject({
  columnIds: z.array(z.string().max(64)).min(1).max(MAX_COLUMNS_PER_JOB),
  scope: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('all') }),
      z.strictObject({ type: z.literal('missing') }),
      z.strictObject({ type: z.literal('failed') }),
      z.strictObject({ type: z.literal('stale') }),
      z.strictObject({ type: z.literal('rows'), rowIds: z.array(z.string().max(64)).min(1).max(MAX_CHOSEN_ROWS) }),
    ])
    .describe('all refills filled cells; missing: blank, not_found, error or skipped; rows: those named'),
  maxCredits: z
    .number()
    .int()
    .min(0)
    .max(1_000_000_000)
    .optional()
    .describe('Ceiling of what the job may cost, in credits'),
  approval: z.enum(['auto', 'required']).default('auto'),
  onFailure: undoMode.describe(`When the job fails: ${UNDO_MODES}`),
  onCancel: undoMode.describe(`When the job is cancelled: ${UNDO_MODES}`),
  overwriteEdits: z.boolean().default(false).describe('Also fill cells that were edited by hand'),
});
export type JobRequest = z.infer<typeof jobRequest>;

export const quoteView = z
  .object({
    eligible: z.number().int(),
    skipped: z.array(z.object({ reason: z.string(), count: z.number().int() })),
    estimatedCredits: z.number().int(),
    maxCredits: z.number().int(),
    balanceAfter: z.number().int(),
  })
  .meta({ id: 'Quote' });
export type QuoteView = z.infer<typeof quoteView>;

const count = z.number().int();
export const jobView = z
  .object({
    id: z.string(),
    listId: z.string(),
    state: z.enum([
      'accepted',
      'awaiting_approval',
      'running',
      'paused',
      'completing',
      'completed',
      'compensating',
      'compensation_failed',
      'failed',
      'cancelled',
    ]),
    columnIds: z.array(z.string()),
    columnNames: z
      .array(z.string())
      .optional()
      .describe('What the columns were called when the job was accepted, in the order of `columnIds`'),
    totals: z.object({
      cells: count,
      open: count,
      pending: count,
      filled: count,
      notFound: count,
      error: count,
      skipped: count,
      awaitingApproval: count,
    }),
    skippedBy: z
      .record(z.string(), count)
      .describe(
        'Skipped cells by reason: `busy` (another job holds them until it ends), `edited`, `scope`, `deleted`, or what the service said, as `inputs`',
      ),
    credits: z.object({ held: count, captured: count, released: count, refunded: count }),
    waitingFor: z
      .array(z.object({ service: z.string(), pages: count, cells: count, since: z.string() }))
      .optional()
      .describe(
        'Services whose workers did not begin a page of the job within a minute, or fell silent on one; absent where there are none',
      ),
    failure: z
      .object({
        code: z.string(),
        message: z.string(),
        service: z.string().optional(),
        page: count.optional(),
        step: count.optional(),
        errorId: z.string().optional(),
      })
      .optional(),
    reverts: z
      .object({ records: count, reverted: count, changedMeanwhile: count, open: count })
      .optional()
      .describe(
        'Records at providers that the undo of the job takes back; absent where it has none. ' +
          'changedMeanwhile: somebody else changed them since, so they were left as they are',
      ),
    revertFailure: z
      .object({
        code: z.string(),
        cause: z.string(),
        message: z.string(),
        service: z.string(),
        page: count,
        step: count,
        errorId: z.string().optional(),
        attempts: count,
        nextAttemptAt: z.string().optional(),
      })
      .optional()
      .describe('Why the job is, or was at the last try, compensation_failed; absent once it is final'),
    createdAt: z.string(),
    startedAt: z.string().optional(),
    finishedAt: z.string().optional(),
  })
  .meta({ id: 'Job' });
export type JobView = z.infer<typeof jobView>;

export const jobPage = pageOf(jobView).meta({ id: 'JobPage' });
export type JobPage = z.infer<typeof jobPage>;

export const jobQuery = pageQuery('job').extend({ listId: id.optional(), state: jobView.shape.state.optional() });
export type JobQuery = z.infer<typeof jobQuery>;

export const jobPath = z.object({ jobId: id });
export type JobPath = z.infer<typeof jobPath>;
