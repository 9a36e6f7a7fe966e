import { describe, expect, test } from '@jest/globals';
import type { Job } from '../../api.types.js';
import {
  describeCredits,
  describeNextTry,
  describeReverts,
  describeSkipped,
  describeWaiting,
  mergeJobs,
} from './job-facts.js';

const job = (id: string, state: Job['state']): Job => ({
  id,
  listId: 'lst_1',
  state,
  columnIds: [],
  totals: { cells: 1, open: 1, pending: 0, filled: 0, notFound: 0, error: 0, skipped: 0, awaitingApproval: 0 },
  skippedBy: {},
  credits: { held: 0, captured: 0, released: 0, refunded: 0 },
  createdAt: '2026-11-22T12:00:00Z',
});

describe('merging jobs', () => {
  test('puts the newest first and replaces what was known', () => {
    const jobs = mergeJobs([job('job_1', 'running')], [job('job_2', 'accepted'), job('job_1', 'completed')]);
    expect(jobs.map(({ id, state }) => [id, state])).toEqual([
      ['job_2', 'accepted'],
      ['job_1', 'completed'],
    ]);
  });

  test('never brings a final job back to life, whatever arrives late', () => {
    expect(mergeJobs([job('job_1', 'cancelled')], [job('job_1', 'running')])[0]?.state).toBe('cancelled');
  });
});

test('an unknown reason to skip is still readable', () => {
  expect([describeSkipped('edited'), describeSkipped('some_new_reason')]).toEqual([
    'edited by hand',
    'some new reason',
  ]);
});

describe('the credits of a job', () => {
  const credits = { held: 0, captured: 1, released: 0, refunded: 0 };

  test('are named as held only while some are', () => {
    expect(describeCredits({ ...job('job_1', 'running'), credits: { ...credits, held: 10 } })).toBe(
      '1 credit spent, 10 held',
    );
    expect(describeCredits({ ...job('job_1', 'compensation_failed'), credits })).toBe('1 credit spent');
  });

  test('are named as refunded where some were', () => {
    expect(describeCredits({ ...job('job_1', 'cancelled'), credits: { ...credits, captured: 3, refunded: 3 } })).toBe(
      '0 credits spent, 3 refunded',
    );
  });
});

describe('what a job waits for', () => {
  const since = '2026-11-22T12:00:00Z';

  test('is named by the title of the service, with the time since when', () => {
    const waiting = [
      { service: 'enrich', pages: 2, cells: 40, since },
      { service: 'gone', pages: 1, cells: 20, since },
    ];
    expect(describeWaiting(waiting, [{ id: 'enrich', title: 'Enrich' }])).toMatch(
      /^Waiting for Enrich to begin 2 pages since .*2026.*\. Waiting for gone to begin 1 page since /,
    );
  });

  test('is nothing while it waits for nobody', () => {
    expect(describeWaiting(undefined, [])).toBe('');
  });
});

describe('records that an undone job wrote outside', () => {
  test('are counted by what became of them', () => {
    expect(describeReverts({ records: 503, reverted: 498, changedMeanwhile: 5, open: 0 })).toBe(
      '503 records written outside: 498 put back, 5 changed by somebody else meanwhile and left as they are.',
    );
    expect(describeReverts({ records: 2, reverted: 0, changedMeanwhile: 1, open: 1 })).toBe(
      '2 records written outside: 1 changed by somebody else meanwhile and left as it is, 1 to go.',
    );
    expect(describeReverts({ records: 1, reverted: 0, changedMeanwhile: 0, open: 1 })).toBe(
      '1 record written outside: 1 to go.',
    );
  });

  test('are tried again by themselves at a time that is known', () => {
    const failure = { code: 'revert_failed', cause: 'x', message: 'x', service: 'x', page: 0, step: 0, attempts: 3 };
    expect(describeNextTry(failure)).toBe('');
    expect(describeNextTry({ ...failure, nextAttemptAt: '2026-11-22T12:00:00Z' })).toMatch(
      /^Tried 3 times\. The next try comes by itself: .*2026.*\.$/,
    );
  });
});
