import type { CellState, Evidence, Job, Page, Row } from '../audit/evidence.js';
import { type CellHistory, cellHistories, cellKey, deedOf, versionsById } from './cell-history.js';
import type { Violation } from './violation.js';

/** Scope `missing` leaves these alone; pending ones belong to another job. */
const NOT_MISSING = ['filled', 'pending', 'awaiting_approval'];

/** L15: the pages of a job cover its selection exactly once, whatever happened to rows meanwhile. */
export function checkCoverage(evidence: Evidence): Violation[] {
  const histories = cellHistories(evidence);
  return evidence.jobs.flatMap((job) => new Coverage(evidence, histories, job).violations());
}

class Coverage {
  private readonly pages: readonly Page[];
  private readonly selected: readonly Row[];

  constructor(
    private readonly evidence: Evidence,
    private readonly histories: ReadonlyMap<string, CellHistory>,
    private readonly job: Job,
  ) {
    const chosen = job.rowNos && new Set(job.rowNos);
    this.pages = evidence.pages.filter(({ jobId }) => jobId === job.id);
    this.selected = evidence.rows.filter(
      ({ rowNo, deletedAt }) =>
        rowNo <= job.lastRowNo && (!chosen || chosen.has(rowNo)) && (deletedAt === null || deletedAt > job.createdAt),
    );
  }

  violations(): Violation[] {
    return [...this.rowsNotCoveredOnce(), ...this.wrongClaims(), ...this.miscounted()];
  }

  /** Every row of the selection lies in one page; a job that did not complete may have opened fewer. */
  private rowsNotCoveredOnce(): Violation[] {
    const complete = this.job.state === 'completed' && !this.hitsCeiling();
    return this.selected.flatMap(({ id, rowNo }) => {
      const pages = this.pages.filter(({ fromRowNo, toRowNo }) => rowNo >= fromRowNo && rowNo <= toRowNo).length;
      const right = pages === 1 || (pages === 0 && !complete);
      return right ? [] : [this.violation(`Row ${rowNo} lies in ${pages} pages`, id)];
    });
  }

  private wrongClaims(): Violation[] {
    const versions = versionsById(this.evidence);
    const selected = new Map(this.selected.map((row) => [row.id, row]));
    const found: Violation[] = [];
    for (const history of this.histories.values()) {
      const claims = history.filter(
        (change) => change.after?.jobId === this.job.id && deedOf(change, versions) === 'claim',
      );
      const claim = claims[0]?.after;
      if (!claim) continue;
      const { rowId, columnId, pageNo } = claim;
      if (claims.length > 1) found.push(this.violation(`A cell was claimed ${claims.length} times`, rowId, columnId));
      const row = selected.get(rowId);
      const page = this.pages.find((one) => one.pageNo === pageNo);
      const inPage = row && page && row.rowNo >= page.fromRowNo && row.rowNo <= page.toRowNo;
      if (!inPage || !this.job.columnIds.includes(columnId)) {
        found.push(this.violation(`A cell outside page ${pageNo} was claimed by it`, rowId, columnId));
      }
    }
    return [...found, ...this.leftOut()];
  }

  /** Of every page that was opened, a cell that was not claimed has a cause. */
  private leftOut(): Violation[] {
    return this.pages.flatMap((page) => {
      const openedAt = this.openedAt(page);
      const rows = this.selected.filter(({ rowNo }) => rowNo >= page.fromRowNo && rowNo <= page.toRowNo);
      return rows.flatMap((row) =>
        this.job.columnIds.flatMap((columnId) => {
          const history = this.histories.get(cellKey(row.id, columnId)) ?? [];
          const state = history.filter(({ seq }) => seq < openedAt).at(-1)?.after ?? null;
          if (state?.jobId === this.job.id && state.pageNo === page.pageNo) return [];
          if (this.causeToLeaveOut(page, row, state)) return [];
          return [this.violation(`A cell of page ${page.pageNo} was never claimed`, row.id, columnId)];
        }),
      );
    });
  }

  private causeToLeaveOut(page: Page, row: Row, state: CellState | null): boolean {
    const other = this.evidence.jobs.find(({ id }) => id === state?.jobId);
    const busy = other !== undefined && (other.finishedAt === null || other.finishedAt > page.openedAt);
    return (
      row.deletedAt !== null ||
      busy ||
      (state?.edited === true && !this.job.overwriteEdits) ||
      (this.job.scope === 'missing' && NOT_MISSING.includes(state?.status ?? 'blank')) ||
      (page.skippedBy['ceiling'] ?? 0) > 0
    );
  }

  /** The page's own counts are those of its rows, and all pages together are the job. */
  private miscounted(): Violation[] {
    const columns = this.job.columnIds.length;
    const wrong = this.pages.flatMap(({ pageNo, fromRowNo, toRowNo, cells }) => {
      const rows = this.selected.filter(({ rowNo }) => rowNo >= fromRowNo && rowNo <= toRowNo).length;
      if (rows * columns === cells) return [];
      return [this.violation(`Page ${pageNo} counts ${cells} cells, its rows have ${rows * columns}`)];
    });
    const selected = this.selected.length * columns;
    if (selected === this.job.cells) return wrong;
    return [...wrong, this.violation(`The job counts ${this.job.cells} cells, its selection has ${selected}`)];
  }

  private openedAt({ pageNo }: Page): number {
    const opened = this.evidence.pagesOpened.find(
      ({ after }) => after?.jobId === this.job.id && after.pageNo === pageNo,
    );
    return opened?.seq ?? Number.POSITIVE_INFINITY;
  }

  private hitsCeiling(): boolean {
    return this.pages.some(({ skippedBy }) => (skippedBy['ceiling'] ?? 0) > 0);
  }

  private violation(detail: string, rowId?: string, columnId?: string): Violation {
    return { law: 'L15', detail, jobId: this.job.id, ...(rowId && { rowId }), ...(columnId && { columnId }) };
  }
}
