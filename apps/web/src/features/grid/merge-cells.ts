import type { Cell, LiveCell, LiveSnapshot, Row } from '../../api.types.js';

export const BLANK: Cell = { status: 'blank', value: null, stale: false, version: null, edited: false };

/** Live cells by row; of several states of one cell the last stands. */
export function cellsByRow(cells: readonly LiveCell[]): Map<string, Record<string, Cell>> {
  const rows = new Map<string, Record<string, Cell>>();
  for (const { rowId, columnId, reason, ...cell } of cells) {
    const row = rows.get(rowId) ?? {};
    row[columnId] = reason ? { ...cell, reason } : cell;
    rows.set(rowId, row);
  }
  return rows;
}

/** A row with some of its cells replaced; the others keep their identity, so that only what changed is drawn again. */
export const mergeCells = (row: Row, cells: Readonly<Record<string, Cell>>): Row => ({
  ...row,
  cells: { ...row.cells, ...cells },
});

/** The rows of a snapshot. Cells that it does not mention are blank, whatever was shown before. */
export function rowsOfSnapshot({ rows, cells }: Pick<LiveSnapshot, 'rows' | 'cells'>): Row[] {
  const known = cellsByRow(cells);
  return rows.map((row) => ({ ...row, cells: known.get(row.id) ?? {} }));
}

/** `next`, with the cells of `current` where they are the same: a snapshot of what is shown already redraws nothing. */
export function keepUnchanged(current: Row, next: Row): Row {
  const cells = Object.fromEntries(
    Object.entries(next.cells).map(([columnId, cell]) => {
      const shown = current.cells[columnId];
      return [columnId, shown && isSame(shown, cell) ? shown : cell];
    }),
  );
  return { ...next, cells };
}

const isSame = (one: Cell, other: Cell): boolean =>
  one.version === other.version &&
  one.status === other.status &&
  one.stale === other.stale &&
  one.edited === other.edited &&
  JSON.stringify(one.value) === JSON.stringify(other.value) &&
  one.reason?.message === other.reason?.message;
