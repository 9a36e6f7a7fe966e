import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pageRowNos, planStages, stageOfPage } from './plan.js';
import type { Plan, PlanColumn } from './plan.js';

const column = (id: string, over: Partial<PlanColumn> = {}): PlanColumn => ({
  ...{ id, name: id, serviceId: 'enrich', config: {}, references: {}, dependsOn: [], price: 1 },
  ...{ taskQueue: over.serviceId ?? 'enrich', inputs: 'identity', maxPageRows: null },
  ...over,
});

function planOf(columns: readonly PlanColumn[], lastRowNo: number, rowNos?: number[]): Plan {
  return {
    ...{ version: 2, entityType: 'company', identity: {}, scope: rowNos ? 'rows' : 'all', overwriteEdits: false },
    ...{ columns: [...columns], lastRowNo, ...(rowNos && { rowNos }) },
    stages: planStages(columns, rowNos ? rowNos.length : lastRowNo),
  };
}

/** The row numbers of every page, in page order. */
function rowsByPage(plan: Plan): number[][] {
  return plan.stages.flatMap((stage) =>
    Array.from({ length: stage.pages }, (_, index) => {
      const { from, to, chosen } = pageRowNos(plan, stage, stage.firstPage + index);
      return chosen ? [...chosen] : Array.from({ length: Math.max(0, to - from + 1) }, (_, offset) => from + offset);
    }),
  );
}

describe('the pages of a plan', () => {
  test('cover the selection exactly once and in order, whatever it is', () => {
    const selection = fc.record({
      lastRowNo: fc.integer({ min: 0, max: 12_000 }),
      columns: fc.integer({ min: 1, max: 50 }),
      maxPageRows: fc.option(fc.integer({ min: 1, max: 3_000 })),
      chosen: fc.option(fc.integer({ min: 1, max: 7 })),
    });
    fc.assert(
      fc.property(selection, ({ lastRowNo, columns, maxPageRows, chosen }) => {
        const all = Array.from({ length: lastRowNo }, (_, index) => index + 1);
        const rowNos = chosen === null ? undefined : all.filter((no) => no % chosen === 0);
        const wanted = Array.from({ length: columns }, (_, no) => column(`c${no}`, { maxPageRows }));
        const pages = rowsByPage(planOf(wanted, lastRowNo, rowNos));
        expect(pages.flat()).toEqual(rowNos ?? all);
        expect(pages.every((rows) => rows.length > 0)).toBe(true);
        if (maxPageRows !== null)
          expect(Math.max(0, ...pages.map((rows) => rows.length))).toBeLessThanOrEqual(maxPageRows);
        // Billing takes at most 10,000 lines in one capture, and a page is one capture.
        expect(Math.max(0, ...pages.map((rows) => rows.length * columns))).toBeLessThanOrEqual(10_000);
      }),
      { numRuns: 60 },
    );
  });

  test('begin small, and are larger in a large job', () => {
    const sizes = (rows: number): number[] => rowsByPage(planOf([column('a')], rows)).map((page) => page.length);
    expect(sizes(0)).toEqual([]);
    expect(sizes(1)).toEqual([1]);
    expect(sizes(20)).toEqual([20]);
    expect(sizes(21)).toEqual([20, 1]);
    expect(sizes(1_200)).toEqual([20, 500, 500, 180]);
    expect(sizes(5_001).slice(0, 2)).toEqual([200, 1_000]);
  });

  test('are found by their number, and a number that the plan does not have is an error', () => {
    const plan = planOf([column('a')], 30);
    expect(stageOfPage(plan, 1)).toBe(plan.stages[0]);
    expect(() => stageOfPage(plan, 2)).toThrow('The plan has no page 2');
  });
});

describe('the steps of a plan', () => {
  const steps = (columns: readonly PlanColumn[]): (readonly [string, string, readonly number[]])[] =>
    (planStages(columns, 10)[0]?.steps ?? []).map((step) => [step.serviceId, step.columnIds.join(' '), step.dependsOn]);

  test('are one per service and what it waits for, so that one look-up serves all columns of a row', () => {
    const columns = [
      column('late', { dependsOn: ['a', 'ai'] }),
      column('a'),
      column('b'),
      column('ai', { serviceId: 'ai', dependsOn: ['b'] }),
      column('ai too', { serviceId: 'ai', dependsOn: ['a'] }),
    ];
    expect(steps(columns)).toEqual([
      ['enrich', 'a b', []],
      ['ai', 'ai ai too', [0]],
      ['enrich', 'late', [0, 1]],
    ]);
  });

  test('keep columns of one service apart that wait for different services', () => {
    const columns = [
      column('fact'),
      column('event', { serviceId: 'signals' }),
      column('on the fact', { serviceId: 'ai', dependsOn: ['fact'] }),
      column('on the event', { serviceId: 'ai', dependsOn: ['event'] }),
    ];
    expect(steps(columns)).toEqual([
      ['enrich', 'fact', []],
      ['signals', 'event', []],
      ['ai', 'on the fact', [0]],
      ['ai', 'on the event', [1]],
    ]);
  });

  test('do not wait for a column that is not part of the job', () => {
    expect(steps([column('a', { dependsOn: ['elsewhere'] })])).toEqual([['enrich', 'a', []]]);
  });
});
