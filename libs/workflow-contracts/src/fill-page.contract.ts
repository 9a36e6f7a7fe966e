import { z } from 'zod';
import { defineContract } from './define-contract.js';

/** At most this many cells travel in one page; a page API reply stays within a few megabytes. */
export const MAX_CELLS_PER_PAGE = 50_000;

export const pageAddress = z.object({
  jobId: z.string().min(1).max(64),
  /** Unique over the job, counted from 0. */
  pageNo: z.number().int().nonnegative(),
  /** Position of the step in the page's stage, counted from 0. */
  stepNo: z.number().int().nonnegative(),
  /** Fencing token of the job: a step that carries an old one is refused. */
  fence: z.number().int().nonnegative(),
});
export type PageAddress = z.infer<typeof pageAddress>;

/**
 * The one child workflow every service fulfils: fetch the data of one page for the columns of one step and settle its cells.
 * Idempotent: a second run of the same step gets only the rows that are still open.
 */
export const fillPage = defineContract({
  workflowType: 'fillPageWorkflow',
  version: 1,
  input: pageAddress.extend({
    /** Cells claimed for this step when the page was opened; for progress and time-outs only. */
    count: z.number().int().nonnegative().max(MAX_CELLS_PER_PAGE),
  }),
  result: z.object({
    filled: z.number().int().nonnegative(),
    notFound: z.number().int().nonnegative(),
    error: z.number().int().nonnegative(),
    skipped: z.number().int().nonnegative(),
  }),
});
export type FillPageInput = z.infer<typeof fillPage.input>;
export type FillPageResult = z.infer<typeof fillPage.result>;
