import { describe, expect, test } from '@jest/globals';
import { drawPlan } from './draw-plan.js';
import { FAULT_KINDS } from './run-plan.js';

const RUNS = Array.from({ length: 200 }, (_, index) => index + 1);

describe('the plan of a run', () => {
  test('is the same for the same seed and number, and another one for any other', () => {
    expect(drawPlan(7, 3)).toEqual(drawPlan(7, 3));
    const plans = [...RUNS.map((run) => drawPlan(7, run)), ...RUNS.map((run) => drawPlan(8, run))];
    expect(new Set(plans.map(({ name: _, ...plan }) => JSON.stringify(plan))).size).toBe(plans.length);
  });

  test('keeps to 250 cells a job, two jobs, and one start anew', () => {
    for (const run of RUNS) {
      const { companies, attributes, jobs, faults } = drawPlan(1, run);
      expect(companies.length * attributes.length).toBeLessThanOrEqual(250);
      expect(new Set(companies).size).toBe(companies.length);
      expect([1, 2]).toContain(jobs.length);
      expect(faults.length).toBeGreaterThan(0);
      expect(faults.filter(({ kind }) => kind === 'kill-all').length).toBeLessThanOrEqual(1);
    }
  });

  test('draws every kind of fault, and none that is left out', () => {
    const kinds = new Set(RUNS.flatMap((run) => drawPlan(1, run).faults.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(FAULT_KINDS.filter((kind) => kind !== 'away').sort());
    const without = new Set(RUNS.flatMap((run) => drawPlan(1, run, ['terminate']).faults.map(({ kind }) => kind)));
    expect(without).not.toContain('terminate');
  });
});
