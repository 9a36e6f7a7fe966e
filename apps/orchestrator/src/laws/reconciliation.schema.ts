import { z } from 'zod';
import { LAW_IDS } from './law.js';

const difference = z.object({
  law: z.enum(LAW_IDS),
  kind: z.string(),
  detail: z.string(),
  jobId: z.string().optional(),
  pageNo: z.int().optional(),
  rowId: z.string().optional(),
  columnId: z.string().optional(),
  cellVersionId: z.string().optional(),
  holdId: z.string().optional(),
  captureId: z.string().optional(),
});

export const reconciliationView = z
  .object({
    checked: z.object({
      jobs: z.int().describe('Jobs that are final or parked, each against billing'),
      workflows: z.int().describe('Jobs whose workflows were asked for'),
      filledCells: z.int(),
      captures: z.int(),
      ledgerEntries: z.int(),
    }),
    laws: z.array(z.object({ law: z.enum(LAW_IDS), title: z.string(), differences: z.int() })),
    differenceCount: z.int(),
    differences: z.array(difference).describe('The first ones of each law, at most 100'),
    settling: z
      .array(difference)
      .describe('Not so yet; a difference if it still stands when the system had the time to mend it'),
  })
  .meta({ id: 'Reconciliation' });
export type ReconciliationView = z.infer<typeof reconciliationView>;
