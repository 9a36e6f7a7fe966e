import { describe, expect, test } from '@jest/globals';
import type { RunRecord } from '../campaign/results-file.js';
import type { FaultResult } from '../runs/run-result.js';
import { STEPS } from '../plan/run-plan.js';
import { median, tally } from './tally.js';

const at = { job: 0, on: 'settled', share: 0.5 } as const;
const killed = (hit: boolean): FaultResult => ({
  fault: { kind: 'kill', target: 'billing', at },
  ...(hit ? { hit, step: 'settling', settled: 0.5 } : { hit }),
});

function run(number: number, faults: readonly FaultResult[], more: Partial<RunRecord> = {}): RunRecord {
  return {
    ...{ name: `run ${number}`, seed: 1, run: number, build: 'abc', at: '2026-01-01T00:00:00Z' },
    ...{ jobs: [{ id: `job_${number}`, state: 'completed', cells: 10, holds: 1, skippedBy: {} }], faults },
    ...{ actions: 0, msFromHealedToFinal: 1_000, tookMs: 2_000, violations: [] },
    ...more,
  };
}

describe('the tally of a campaign', () => {
  test('counts hits by fault and step, and leaves out runs that nothing hit', () => {
    const sum = tally([run(1, [killed(true), killed(false)]), run(2, [killed(true)]), run(3, [killed(false)])]);
    expect(sum).toMatchObject({ runs: 2, withoutHit: 1, seeds: [{ seed: '1 with data columns', runs: 2 }] });
    const [fault] = sum.faults;
    expect(fault).toMatchObject({ fault: 'kill billing', total: 2, missed: 2 });
    expect(fault?.hits[STEPS.indexOf('settling')]).toBe(2);
    expect(sum.states).toEqual([{ state: 'completed', jobs: 2 }]);
  });

  test('names every violation with its run', () => {
    const violations = [{ law: 'L11', detail: 'a wrong value' }];
    expect(tally([run(4, [killed(true)], { violations })]).violations).toEqual([
      { run: 'run 4', law: 'L11', detail: 'a wrong value' },
    ]);
  });

  test('takes the time from the healing only where a job was not final before', () => {
    const waits = [0, 10, 2_000, 6_000].map((msFromHealedToFinal, number) =>
      run(number, [killed(true)], { msFromHealedToFinal }),
    );
    expect(tally(waits).healing).toEqual({ median: 4_000, highest: 6_000 });
  });

  test('the median is the middle one, or between the two in the middle', () => {
    expect([median([]), median([3]), median([9, 1, 4]), median([1, 2, 3, 10])]).toEqual([0, 3, 4, 2.5]);
  });
});
