import { describe, expect, test } from '@jest/globals';
import type { Evidence, Version } from '../audit/evidence.js';
import type { JobResult } from '../runs/run-result.js';
import { FAULT_CASES, type FaultCase } from './fault-cases.js';
import { type FaultRecord, judgeFault } from './judge-fault.js';

const HANG = FAULT_CASES.find(({ name }) => name === 'hang') as FaultCase;
const REFUSED = FAULT_CASES.find(({ name }) => name === 'unauthorized') as FaultCase;
const TIMEOUT = { code: 'provider_timeout', message: 'OpenAI did not answer in time. Try the cells again later.' };

const cell = (status: string, reason: Version['reason'] = null): Version =>
  ({ author: 'job', status, reason }) as Version;

function judge(fault: FaultCase, job: Partial<JobResult>, versions: readonly Version[], calls = 7): FaultRecord {
  const at = { job: 0, on: 'settled', share: 0 } as const;
  const hit = { fault: { kind: 'provider', faults: [], seconds: 1, at }, hit: calls > 0, calls } as const;
  return judgeFault({
    ...{ service: 'ai', fault, build: 'abc', evidence: [{ versions } as unknown as Evidence] },
    result: {
      ...{ name: 'x', faults: [hit], actions: 0, msFromHealedToFinal: 0, tookMs: 9, violations: [] },
      jobs: [{ id: 'j', state: 'completed', cells: 3, holds: 1, skippedBy: {}, ...job }],
    },
  });
}

describe('the verdict on a fault of a provider', () => {
  test('counts cells and codes, and finds nothing where all is as it must be', () => {
    const versions = [cell('filled'), cell('error', TIMEOUT), cell('error', TIMEOUT)];
    expect(judge(HANG, {}, versions)).toMatchObject({
      ...{ state: 'completed', calls: 7, violations: [], codes: { provider_timeout: 2 } },
      cells: { filled: 1, not_found: 0, error: 2, skipped: 0 },
    });
    const failureMessage = 'OpenAI does not accept the configured key. Check OPENAI_API_KEY, then start the job again.';
    const failed = judge(REFUSED, { state: 'failed', failure: 'provider_unauthorized', failureMessage }, []);
    expect(failed).toMatchObject({ violations: [], codes: { provider_unauthorized: 1 } });
  });

  test.each<[string, Parameters<typeof judge>, RegExp]>([
    ['that hit nothing', [HANG, {}, [], 0], /No call was hit/],
    ['that failed a job it must not fail', [HANG, { state: 'failed' }, []], /ended failed, not completed/],
    [
      'that was called by the name of another',
      [HANG, {}, [cell('error', { ...TIMEOUT, code: 'x' })]],
      /hang is called x/,
    ],
    [
      'whose reason names nobody',
      [HANG, {}, [cell('error', { ...TIMEOUT, message: 'It did not answer in time. Try again later.' })]],
      /does not say who/,
    ],
    [
      'whose reason has no advice',
      [HANG, {}, [cell('error', { ...TIMEOUT, message: 'OpenAI did not answer in time.' })]],
      /what to do/,
    ],
  ])('complains of one %s', (_, judged, complaint) => {
    expect(judge(...judged).violations).toEqual([expect.stringMatching(complaint)]);
  });
});
