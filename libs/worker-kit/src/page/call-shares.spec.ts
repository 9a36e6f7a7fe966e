import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CallShares } from './call-shares.js';

let jobs = 0;
const wanting = (demand: number, { jobId = `job_${jobs++}`, mayGrow = (): void => undefined } = {}) => ({
  jobId,
  busy: () => 0,
  demand: () => demand,
  mayGrow,
});

const pagesThatWant = (...demands: number[]) => {
  const shares = new CallShares();
  const pages = demands.map((demand) => wanting(demand));
  for (const page of pages) shares.enter(page);
  return { shares, pages };
};

const sharesOf = (lanes: number, ...demands: number[]): number[] => {
  const { shares, pages } = pagesThatWant(...demands);
  return pages.map((page) => shares.shareOf(page, lanes));
};

describe('the shares of the jobs of a process', () => {
  test('are equal where all want more than there is', () => {
    expect(sharesOf(100, 1_000, 500, 80, 30)).toEqual([25, 25, 25, 25]);
  });

  test('give what a job does not need to the others', () => {
    expect(sharesOf(100, 1_000, 20, 500, 2)).toEqual([39, 20, 39, 2]);
    expect(sharesOf(100, 40, 30)).toEqual([40, 30]);
  });

  test('leave no job without a lane', () => {
    expect(sharesOf(2, 9, 9, 9, 9)).toEqual([1, 1, 1, 1]);
  });

  test('use all lanes that are wanted, but for what does not divide, and never more', () => {
    const demands = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 300 }), demands, (lanes, wanted) => {
        const used = sharesOf(lanes, ...wanted).reduce((sum, share) => sum + share, 0);
        const possible = Math.min(
          lanes,
          wanted.reduce((sum, demand) => sum + demand, 0),
        );
        expect(used).toBeLessThanOrEqual(possible);
        expect(used).toBeGreaterThan(possible - wanted.length);
      }),
    );
  });

  test('go to the pages of a job in the order in which they came', () => {
    const shares = new CallShares();
    const [first, second, third] = [70, 500, 20].map((demand) => wanting(demand, { jobId: 'job' }));
    const other = wanting(10);
    if (!first || !second || !third) throw new Error('three pages');
    for (const page of [first, second, other, third]) shares.enter(page);
    expect([first, second, third, other].map((page) => shares.shareOf(page, 100))).toEqual([70, 20, 0, 10]);
    shares.leave(second);
    expect(shares.shareOf(third, 100)).toBe(20);
  });

  test('are equal for a job of one page and a job of many', () => {
    const shares = new CallShares();
    const pages = [...[500, 500, 500].map((demand) => wanting(demand, { jobId: 'large' })), wanting(50)];
    for (const page of pages) shares.enter(page);
    expect(pages.map((page) => shares.shareOf(page, 100))).toEqual([50, 0, 0, 50]);
  });

  test('grow when another page leaves', () => {
    const { shares, pages } = pagesThatWant(90);
    let grown = 0;
    const page = wanting(90, { mayGrow: () => (grown += 1) });
    shares.enter(page);
    expect(shares.shareOf(page, 100)).toBe(50);
    for (const other of pages) shares.leave(other);
    expect([grown, shares.shareOf(page, 100)]).toEqual([1, 90]);
  });
});
