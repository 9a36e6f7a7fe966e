import { describe, expect, test } from '@jest/globals';
import type { Cell, JobRequest, Row } from '../../api.types.js';
import { trialOf, wouldBeFilled } from './trial-rows.js';

const cell = (status: Cell['status'], edited = false): Cell => ({
  status,
  value: null,
  stale: false,
  version: 1,
  edited,
});
const missing: JobRequest = { columnIds: ['a', 'b'], scope: { type: 'missing' }, overwriteEdits: false };

describe('a row is worth a try', () => {
  test.each([
    ['a blank cell', {}, missing, true],
    ['one cell that was not found', { a: cell('filled'), b: cell('not_found') }, missing, true],
    ['filled cells only', { a: cell('filled'), b: cell('filled') }, missing, false],
    ['filled cells that are looked up again', { a: cell('filled') }, { ...missing, scope: { type: 'all' } }, true],
    ['cells that another job fills', { a: cell('pending'), b: cell('pending') }, missing, false],
    [
      'cells edited by hand',
      { a: cell('filled', true), b: cell('filled', true) },
      { ...missing, scope: { type: 'all' } },
      false,
    ],
  ] as const)('by %s: %j', (_, cells, request, worth) => {
    expect(wouldBeFilled({ cells }, request as JobRequest)).toBe(worth);
  });
});

describe('a try of a job', () => {
  const rows: Row[] = Array.from({ length: 1_200 }, (_, position) => ({
    id: `row_${position}`,
    position,
    entity: {},
    cells: position < 700 ? { a: cell('filled'), b: cell('filled') } : {},
  }));
  const api = {
    rows: (_listId: string, from: number, limit: number) =>
      Promise.resolve({ items: rows.slice(from, from + limit), total: rows.length }),
  };

  test('is about the first ten rows of the list that it would fill', async () => {
    const trial = await trialOf(api, 'lst_1', missing);
    expect(trial).toEqual({ ...missing, scope: { type: 'rows', rowIds: rows.slice(700, 710).map(({ id }) => id) } });
  });

  test('is about the first ten selected rows', async () => {
    const rowIds = rows.slice(3, 20).map(({ id }) => id);
    const trial = await trialOf(api, 'lst_1', { ...missing, scope: { type: 'rows', rowIds } });
    expect(trial?.scope).toEqual({ type: 'rows', rowIds: rowIds.slice(0, 10) });
  });

  test('is nothing where nothing would be filled', async () => {
    const filled = { rows: () => Promise.resolve({ items: rows.slice(0, 500), total: 500 }) };
    expect(await trialOf(filled, 'lst_1', missing)).toBeUndefined();
  });
});
