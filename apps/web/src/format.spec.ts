import { describe, expect, test } from '@jest/globals';
import { describeStatus, formatUnits, formatValue, parseTyped, percentDone } from './format.js';

describe('a value as text', () => {
  test.each([
    [null, ''],
    ['Software', 'Software'],
    [1998, '1998'],
    [164_000, '164,000'],
    [0.5, '0.5'],
    [true, 'Yes'],
    [{ kind: 'news', title: 'Opens an office' }, 'Opens an office'],
    [{ recordId: '7', outcome: 'created' }, 'created'],
    [['a', 'b'], '["a","b"]'],
  ])('%j is shown as %j', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });
});

describe('what a user types', () => {
  test.each([
    ['', null],
    ['  ', null],
    ['12', 12],
    [' -3.5 ', -3.5],
    ['007', '007'],
    ['1e3', '1e3'],
    ['Infinity', 'Infinity'],
    [' Apple ', 'Apple'],
  ])('%j is stored as %j', (text, value) => {
    expect(parseTyped(text)).toBe(value);
  });
});

test('counts agree with their unit', () => {
  expect([formatUnits(1, 'cell'), formatUnits(1_200, 'cell')]).toEqual(['1 cell', '1,200 cells']);
});

test('an error says its reason', () => {
  expect(describeStatus({ status: 'error', reason: { message: 'The provider refused the key.' } })).toBe(
    'Error: The provider refused the key.',
  );
});

test('a job is at 100 % only when every cell has come to an end', () => {
  const totals = {
    cells: 1_000,
    open: 0,
    pending: 1,
    filled: 999,
    notFound: 0,
    error: 0,
    skipped: 0,
    awaitingApproval: 0,
  };
  expect(percentDone(totals)).toBe(99);
  expect(percentDone({ ...totals, pending: 0, filled: 1_000 })).toBe(100);
  expect(percentDone({ ...totals, cells: 0, pending: 0 })).toBe(100);
});
