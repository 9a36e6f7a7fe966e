import { describe, expect, test } from '@jest/globals';
import { drawPlan } from './draw-plan.js';
import { COLUMN_SETS } from './columns.js';
import { FAULT_KINDS, TARGETS } from './run-plan.js';

const RUNS = Array.from({ length: 200 }, (_, index) => index + 1);

describe('the plan of a run', () => {
  test('is the same for the same seed and number, and another one for any other', () => {
    expect(drawPlan(7, 3)).toEqual(drawPlan(7, 3));
    const plans = [...RUNS.map((run) => drawPlan(7, run)), ...RUNS.map((run) => drawPlan(8, run))];
    expect(new Set(plans.map(({ name: _, ...plan }) => JSON.stringify(plan))).size).toBe(plans.length);
  });

  test.each(COLUMN_SETS)('keeps to 250 cells a job, two jobs, and one start anew, with %s columns', (set) => {
    for (const run of RUNS) {
      const { companies, columns, jobs, faults } = drawPlan(1, run, { set });
      expect(companies.length * columns.length).toBeLessThanOrEqual(250);
      expect(new Set(companies).size).toBe(companies.length);
      expect([1, 2]).toContain(jobs.length);
      expect(faults.length).toBeGreaterThan(0);
      expect(faults.filter(({ kind }) => kind === 'kill-all').length).toBeLessThanOrEqual(1);
    }
  });

  test('draws every kind of fault, and none that is left out', () => {
    const kinds = new Set(RUNS.flatMap((run) => drawPlan(1, run).faults.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(FAULT_KINDS.filter((kind) => kind !== 'away').sort());
    const without = RUNS.flatMap((run) => drawPlan(1, run, { without: ['terminate'] }).faults);
    expect(without.map(({ kind }) => kind)).not.toContain('terminate');
  });

  test('strikes all ten processes where the columns are those of four teams, and no team that has none', () => {
    const targets = (set: (typeof COLUMN_SETS)[number]): string[] => {
      const faults = RUNS.flatMap((run) => drawPlan(1, run, { set }).faults);
      return [...new Set(faults.flatMap((fault) => ('target' in fault ? [fault.target] : [])))].sort();
    };
    expect(targets('six')).toEqual([...TARGETS].sort());
    expect(TARGETS).toHaveLength(10);
    expect(targets('data')).not.toContain('crm-worker');
  });
});
