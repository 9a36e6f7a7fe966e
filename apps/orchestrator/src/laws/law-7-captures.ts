import { inCredits } from '../credits/in-credits.js';
import type { CaptureRow } from './billing-audit.client.js';
import type { JobFacts, OurCell } from './job-facts.js';
import type { Violation } from './law.js';

/**
 * L7, of a capture of a settled job: not made after the close of the reference, for lines of a sealed page's manifest alone,
 * and given back where the job did not complete, unless it was undone so that it keeps what is paid.
 */
export function* captureLaw(
  job: JobFacts,
  capture: CaptureRow,
  ours: ReadonlyMap<string, OurCell>,
): Generator<Violation> {
  const at = { law: 'L7', jobId: job.jobId, captureId: capture.id } as const;
  if (capture.afterClose) {
    yield { ...at, kind: 'captured_after_close', detail: 'Captured after its reference was closed' };
  }
  const kept = job.undoMode === 'keep' || (job.undoMode === null && job.state === 'completed');
  if (!kept && capture.refunds.length === 0 && capture.lines.length > 0) {
    yield {
      ...at,
      kind: 'kept_after_rollback',
      detail: 'The job did not keep what it paid for, but this capture was not refunded',
    };
  }
  for (const { cellVersionId, amount } of capture.lines) {
    const cell = ours.get(cellVersionId);
    const line = { ...at, cellVersionId, ...(cell?.manifest_page != null && { pageNo: cell.manifest_page }) };
    if (cell?.manifest_job !== job.jobId || !cell.sealed) {
      yield { ...line, kind: 'captured_unsealed', detail: 'No sealed page of the job lists this cell version' };
    } else if (cell.manifest_price !== amount) {
      const detail = `The manifest says ${inCredits(cell.manifest_price ?? 0)}, the capture ${amount}`;
      yield { ...line, kind: 'captured_not_manifest', detail };
    }
  }
}
