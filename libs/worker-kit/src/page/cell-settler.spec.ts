import { describe, expect, test } from '@jest/globals';
import { MAX_RESULTS_PER_CALL, type CellResult } from '@uno/workflow-contracts';
import { CellSettler } from './cell-settler.js';

const filled = (rowId: string, value: string = 'x'): CellResult => ({ rowId, columnId: 'c', status: 'filled', value });
const many = (count: number, value?: string): CellResult[] =>
  Array.from({ length: count }, (_, index) => filled(String(index), value));

function settlerInto(batches: (readonly CellResult[])[], failAt = Number.POSITIVE_INFINITY) {
  const failures: unknown[] = [];
  const settler = new CellSettler({
    send: async (results) => {
      if (batches.length >= failAt) throw new Error('refused');
      batches.push(results);
      return { settled: results.length, ignored: 0, control: 'run' };
    },
    onSettled: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  return { settler, failures };
}

describe('settling the cells of a page', () => {
  test('sends cells of one moment together, everything once, and counts by status', async () => {
    const batches: (readonly CellResult[])[] = [];
    const { settler } = settlerInto(batches);
    settler.add([filled('1'), { rowId: '2', columnId: 'c', status: 'not_found' }]);
    settler.add([filled('3')]);
    await settler.close();
    expect(batches).toHaveLength(1);
    expect(settler.counts).toEqual({ filled: 2, notFound: 1, error: 0, skipped: 0 });
  });

  test('never sends more than the limit in one request', async () => {
    const batches: (readonly CellResult[])[] = [];
    const { settler } = settlerInto(batches);
    settler.add(many(2 * MAX_RESULTS_PER_CALL + 1));
    await settler.close();
    expect(batches.map(({ length }) => length)).toEqual([MAX_RESULTS_PER_CALL, MAX_RESULTS_PER_CALL, 1]);
  });

  test('sends heavy values in smaller batches', async () => {
    const batches: (readonly CellResult[])[] = [];
    const { settler } = settlerInto(batches);
    settler.add(many(40, 'x'.repeat(60_000)));
    await settler.close();
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.flat()).toHaveLength(40);
  });

  test('holds new calls back while too much waits, and lets them go on', async () => {
    const batches: (readonly CellResult[])[] = [];
    const { settler } = settlerInto(batches);
    settler.add(many(5 * MAX_RESULTS_PER_CALL));
    await settler.room();
    expect(batches.length).toBeGreaterThanOrEqual(3);
    await settler.close();
  });

  test('reports a refusal once, counts what was acknowledged only, and holds nobody back afterwards', async () => {
    const { settler, failures } = settlerInto([], 1);
    settler.add(many(3 * MAX_RESULTS_PER_CALL));
    await settler.close();
    settler.add(many(5));
    await settler.room();
    expect(failures).toHaveLength(1);
    expect(settler.counts.filled).toBe(MAX_RESULTS_PER_CALL);
  });
});
