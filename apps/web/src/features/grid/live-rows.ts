import type { GridApi, IDatasource, IGetRowsParams } from 'ag-grid-community';
import type { Api } from '../../api.js';
import type { LiveCell, LiveSnapshot, Row } from '../../api.types.js';
import type { LiveList } from '../live/live-list.js';
import type { CellEdit } from './grid-columns.js';
import { BLANK, cellsByRow, keepUnchanged, mergeCells, rowsOfSnapshot } from './merge-cells.js';

/** Rows above and below the view that are kept live, so that scrolling a little shows nothing old. */
const OVERSCAN_ROWS = 60;
const MAX_WINDOW_ROWS = 400;
/** How long the view must rest before the live window follows it. */
const SETTLE_MS = 60;

/**
 * Where the grid's rows come from. Blocks are fetched by position over HTTP. The live window follows the view, and is asked
 * for again after each block: its snapshot is newer than any block before it, so the grid ends with what the database has
 * whatever overtook what on the way.
 */
export class LiveRows implements IDatasource {
  #grid: GridApi<Row> | undefined;
  #view = { first: 0, last: 40 };
  #failed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Api,
    private readonly listId: string,
    private readonly live: LiveList,
  ) {}

  attach(grid: GridApi<Row>): void {
    this.#grid = grid;
  }

  /** Follows the live updates until the returned function is called. */
  listen(): () => void {
    const stop = this.live.listen({
      onSnapshot: (snapshot) => this.#applySnapshot(snapshot),
      onCells: (cells) => this.#applyCells(cells),
      onStatus: (status) => (status === 'live' ? this.#fetchFailedAgain() : undefined),
    });
    return () => {
      stop();
      clearTimeout(this.#timer);
    };
  }

  getRows(wanted: IGetRowsParams): void {
    this.api.rows(this.listId, wanted.startRow, wanted.endRow - wanted.startRow).then(
      ({ items, total }) => {
        wanted.successCallback([...items], total);
        this.watchAgain();
      },
      () => {
        this.#failed = true;
        wanted.failCallback();
      },
    );
  }

  /** Moves the live window to the rows in view. */
  show(first: number, last: number): void {
    if (first < 0 || last < first) return;
    this.#view = { first, last };
    this.watchAgain();
  }

  watchAgain(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const from = Math.max(0, this.#view.first - OVERSCAN_ROWS);
      this.live.watch({ from, count: Math.min(this.#view.last + OVERSCAN_ROWS + 1 - from, MAX_WINDOW_ROWS) });
    }, SETTLE_MS);
  }

  /** Shows a user's edit at once; the live updates confirm or correct it. */
  showEdit({ rowId, columnId, value }: CellEdit): void {
    const node = this.#grid?.getRowNode(rowId);
    if (!node?.data) return;
    const before = node.data.cells[columnId] ?? BLANK;
    node.updateData(mergeCells(node.data, { [columnId]: { ...before, status: 'filled', value, edited: true } }));
  }

  #fetchFailedAgain(): void {
    if (!this.#failed) return;
    this.#failed = false;
    this.#grid?.purgeInfiniteCache();
  }

  #applyCells(cells: readonly LiveCell[]): void {
    for (const [rowId, changed] of cellsByRow(cells)) {
      const node = this.#grid?.getRowNode(rowId);
      if (node?.data) node.updateData(mergeCells(node.data, changed));
    }
  }

  #applySnapshot(snapshot: LiveSnapshot): void {
    const grid = this.#grid;
    if (!grid) return;
    for (const row of rowsOfSnapshot(snapshot)) {
      const node = grid.getRowNode(row.id);
      if (node?.data) node.updateData(keepUnchanged(node.data, row));
    }
    if (snapshot.structure) {
      grid.setRowCount(Math.max(snapshot.rowCount, 1), true);
      grid.refreshInfiniteCache();
    }
  }
}
