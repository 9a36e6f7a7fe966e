import { describe, expect, test } from '@jest/globals';
import { idealScheduleMs, mostAtATime } from './ideal-schedule.js';

describe('the ideal schedule', () => {
  test('of nothing takes no time', () => {
    expect(idealScheduleMs([], 100, 100)).toBe(0);
    expect(idealScheduleMs([0, 0], 100, 100)).toBe(0);
  });

  test('fills every lane as long as there is work for all', () => {
    expect(idealScheduleMs(new Array<number>(10_000).fill(1), 100, 100)).toBe(10_000);
    expect(idealScheduleMs(new Array<number>(101).fill(1), 100, 100)).toBe(200);
  });

  test('is no shorter than the longest row, whose calls follow each other', () => {
    expect(idealScheduleMs([3], 100, 10)).toBe(30);
  });

  test('begins with the rows that have the most calls to go', () => {
    // Rows of one call first would leave a row of two calls alone at the end.
    expect(idealScheduleMs([1, 1, 2], 2, 10)).toBe(20);
  });
});

describe('calls at a time', () => {
  test('a call that begins as another ends does not run beside it', () => {
    expect(mostAtATime([0, 100, 200], 100)).toBe(1);
  });

  test('the busiest moment counts, in whatever order the calls are given', () => {
    expect(mostAtATime([150, 0, 50, 99, 300], 100)).toBe(3);
    expect(mostAtATime([], 100)).toBe(0);
  });
});
