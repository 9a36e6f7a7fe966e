import { describe, expect, test } from '@jest/globals';
import { median, quantile, summarize } from './statistics.js';

describe('statistics', () => {
  test('the median of an even number of values lies between the two in the middle, in whatever order they came', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
  });

  test('a quantile is interpolated, and its ends are the smallest and the largest value', () => {
    const values = Array.from({ length: 101 }, (_, index) => 100 - index);
    expect(quantile(values, 0.99)).toBe(99);
    expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
    expect([quantile(values, 0), quantile(values, 1)]).toEqual([0, 100]);
  });

  test('nothing has no quantile', () => {
    expect(() => quantile([], 0.5)).toThrow('no quantile of nothing');
  });

  test('a summary keeps median, spread and how often was tried', () => {
    expect(summarize([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, tries: 3 });
  });
});
