import type { AlteredCell } from '../cells/altered-cell.js';
import { inCredits } from '../credits/in-credits.js';
import type { CaptureRow } from './billing-audit.client.js';
import type { FilledVersion, JobFacts, OurCell } from './job-facts.js';
import type { Violation } from './law.js';

/**
 * L6, of a settled job: captured minus refunded cell versions are its filled, billable, not restored ones, as sets. Holds the
 * ids of one job's captured cells, nothing else of them.
 */
export class PaidCells {
  readonly #captured = new Set<number>();
  readonly #paid = new Set<number>();

  constructor(private readonly job: JobFacts) {}

  /** Their side: each captured line is a cell version of this job that stands, paid once and at its price. */
  *capture(capture: CaptureRow, ours: ReadonlyMap<string, OurCell>): Generator<Violation> {
    const refunded = capture.refunds.length > 0;
    const sum = capture.lines.reduce((total, { amount }) => total + amount, 0);
    if (sum !== capture.amount) {
      const detail = `Capture ${capture.id} is ${inCredits(capture.amount)}, its lines add up to ${sum}`;
      yield { law: 'L6', kind: 'capture_amount', detail, jobId: this.job.jobId, captureId: capture.id };
    }
    for (const { cellVersionId, amount } of capture.lines) {
      const id = Number(cellVersionId);
      const cell = ours.get(cellVersionId);
      if (this.#captured.has(id)) {
        yield this.#violation('captured_twice', 'Billing captured this cell version twice', cellVersionId, cell);
      }
      this.#captured.add(id);
      if (refunded) continue;
      this.#paid.add(id);
      if (cell?.manifest_job === this.job.jobId && hasMoved(cell)) {
        const detail = 'The paid cell version is not in the row and column that its manifest names';
        yield this.#violation('paid_cell_moved', detail, cellVersionId, cell);
      }
      const price = this.#priceOf(cell);
      if (price === 0) {
        const detail = 'Billing lists a capture, but this job has no billable filled cell for it';
        yield this.#violation('captured_not_filled', detail, cellVersionId, cell);
      } else if (price !== amount) {
        const detail = `The cell costs ${inCredits(price)} and was captured for ${amount}`;
        yield this.#violation('captured_price', detail, cellVersionId, cell);
      }
    }
  }

  /** Our side: each billable cell version was paid. Call it after all captures. */
  *filled(versions: readonly FilledVersion[]): Generator<Violation> {
    for (const { id, rowId, columnId, pageNo } of versions) {
      if ((this.job.prices.get(columnId) ?? 0) === 0 || this.#paid.has(Number(id))) continue;
      const detail = 'The cell is filled and billable, but billing lists no capture for it';
      const at = { row_id: rowId, column_id: columnId, page_no: pageNo };
      yield this.#violation('filled_not_captured', detail, id, at);
    }
  }

  /** What the grid shows is what was paid for, or what was there before. */
  *altered(cells: readonly AlteredCell[]): Generator<Violation> {
    for (const { id, rowId, columnId, pageNo } of cells) {
      const at = { row_id: rowId, column_id: columnId, page_no: pageNo };
      yield this.#violation('cell_altered', 'The cell does not show the state and value of its version', id, at);
    }
  }

  #priceOf(cell: OurCell | undefined): number {
    if (!cell?.stands || cell.job_id !== this.job.jobId || cell.column_id === null) return 0;
    return this.job.prices.get(cell.column_id) ?? 0;
  }

  #violation(
    kind: string,
    detail: string,
    cellVersionId: string,
    cell: Pick<OurCell, 'row_id' | 'column_id' | 'page_no'> | undefined,
  ): Violation {
    return {
      ...{ law: 'L6', kind, detail, jobId: this.job.jobId, cellVersionId },
      ...(cell?.row_id != null && { rowId: cell.row_id }),
      ...(cell?.column_id != null && { columnId: cell.column_id }),
      ...(cell?.page_no != null && { pageNo: cell.page_no }),
    };
  }
}

const hasMoved = ({ row_id, column_id, manifest_row, manifest_column }: OurCell): boolean =>
  row_id !== manifest_row || column_id !== manifest_column;
