import { describe, expect, test } from '@jest/globals';
import {
  describeObject,
  describeStatus,
  formatUnits,
  formatValue,
  inWords,
  parseTyped,
  percentDone,
} from './format.js';

describe('a value as text', () => {
  test.each([
    [null, ''],
    ['Software', 'Software'],
    [1998, '1998'],
    [164_000, '164,000'],
    [0.5, '0.5'],
    [true, 'Yes'],
    [{ kind: 'news', title: 'Opens an office' }, 'Opens an office'],
    [{ recordId: '7', outcome: 'created' }, 'Created'],
    [{ fit: true, headCount: 12_000, note: null }, 'Fit: Yes; Head count: 12,000'],
    [['a', { name: 'b' }], 'a, b'],
    [{}, ''],
  ])('%j is shown as %j', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });
});

describe('an object', () => {
  test('with a title, a day and an address is a link of that title', () => {
    const event = { kind: 'funding', title: 'Series B', date: '2026-11-02', url: 'https://example.com/b' };
    expect(describeObject(event)).toEqual({
      headline: 'Series B',
      day: 'Nov 2, 2026',
      href: 'https://example.com/b',
      rest: { kind: 'funding' },
    });
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'not an address', null, 7])('does not lead to %j', (url) =>
    expect(describeObject({ title: 'x', url })).toEqual({ headline: 'x', rest: { url } }),
  );

  test('keeps a day that is none as it came', () => {
    expect(describeObject({ title: 'x', date: 'soon' })).toEqual({ headline: 'x', rest: { date: 'soon' } });
  });
});

test.each([
  ['withinDays', 'Within days'],
  ['job_change', 'Job change'],
  ['recordId', 'Record id'],
])('the name %j is %j in words', (name, words) => {
  expect(inWords(name)).toBe(words);
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
