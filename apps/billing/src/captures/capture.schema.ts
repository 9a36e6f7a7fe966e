import { z } from 'zod';
import { credits, isText, text } from '../http/request.schema.js';

/** The largest number of lines in one capture. */
export const MAX_CAPTURE_LINES = 10_000;

const captureLine = z
  .object({
    cellVersionId: text,
    amount: credits,
    jobId: text.optional(),
    pageNo: z.int32().min(0).optional(),
    columnId: text.optional(),
  })
  // Further strings and integers explain the line and are kept with it as they came.
  .catchall(z.union([text, z.int()]))
  .refine((line) => Object.keys(line).every(isText), 'has a member whose name is too long, empty or no text');
export type CaptureLineBody = z.infer<typeof captureLine>;

export const captureBody = z.object({
  lines: z
    .array(captureLine)
    .min(1)
    .max(MAX_CAPTURE_LINES)
    .refine(
      (lines) => new Set(lines.map((line) => line.cellVersionId)).size === lines.length,
      'a cellVersionId must occur once',
    ),
});
export type CaptureBody = z.infer<typeof captureBody>;

/** A capture: `amount` credits for the `lines` that it paid; lines that an earlier capture paid are only counted. */
export interface CaptureView {
  readonly id: string;
  readonly holdId: string;
  readonly amount: number;
  readonly lines: number;
  readonly alreadyCaptured: number;
}

export const capturePath = z.object({ captureId: text });
export type CapturePath = z.infer<typeof capturePath>;

/** A refund says nothing: it is of the whole capture. An absent body is one that says nothing, too. */
export const refundBody = z.object({}).optional();

/** A refund of a whole capture, in credits. */
export interface RefundView {
  readonly id: string;
  readonly captureId: string;
  readonly amount: number;
}
