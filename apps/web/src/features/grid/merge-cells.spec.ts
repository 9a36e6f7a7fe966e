import { expect, test } from '@jest/globals';
import type { Cell, LiveCell, Row } from '../../api.types.js';
import { cellsByRow, keepUnchanged, mergeCells, rowsOfSnapshot } from './merge-cells.js';

const filled = (value: string, version = 1): Cell => ({
  status: 'filled',
  value,
  stale: false,
  edited: false,
  version,
});
const live = (rowId: string, columnId: string, cell: Cell): LiveCell => ({ rowId, columnId, reason: null, ...cell });
const row = (cells: Row['cells']): Row => ({ id: 'r', position: 0, entity: { name: 'Acme' }, cells });

test('of several states of one cell the last stands', () => {
  const cells = cellsByRow([
    live('r', 'a', filled('old')),
    live('r', 'a', filled('new', 2)),
    live('s', 'a', filled('other')),
  ]);
  expect(cells.get('r')).toEqual({ a: filled('new', 2) });
  expect(cells.get('s')).toEqual({ a: filled('other') });
});

test('merging replaces the named cells and leaves the others untouched', () => {
  const before = row({ a: filled('a'), b: filled('b') });
  const after = mergeCells(before, { b: filled('B', 2) });
  expect(after.cells['a']).toBe(before.cells['a']);
  expect(after.cells['b']).toEqual(filled('B', 2));
  expect(before.cells['b']).toEqual(filled('b'));
});

test('a snapshot blanks what it does not mention', () => {
  const rows = rowsOfSnapshot({
    rows: [
      { id: 'r', position: 0, entity: {} },
      { id: 's', position: 1, entity: {} },
    ],
    cells: [live('s', 'a', filled('x'))],
  });
  expect(rows.map(({ cells }) => cells)).toEqual([{}, { a: filled('x') }]);
});

test('a cell that did not change keeps its identity', () => {
  const current = row({ a: filled('a'), b: filled('b') });
  const next = keepUnchanged(current, row({ a: filled('a'), b: { ...filled('b'), status: 'pending' } }));
  expect(next.cells['a']).toBe(current.cells['a']);
  expect(next.cells['b']).toMatchObject({ status: 'pending', value: 'b' });
});
