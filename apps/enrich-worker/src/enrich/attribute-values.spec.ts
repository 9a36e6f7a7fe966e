import { describe, expect, test } from '@jest/globals';
import { dollarRange, knownValues, titleCase } from './attribute-values.js';

describe('values', () => {
  test('that are empty or blank count as not known', () => {
    const raw = { industry: ' ', city: '', country: null, employees: 0, website: ' a ' };
    expect(knownValues(raw)).toEqual({ values: { employees: 0, website: 'a' } });
  });

  test.each([
    ['a text too heavy for a cell', { description: 'x'.repeat(70_000) }],
    ['a text that is too heavy once it is written as JSON', { description: '\u0001'.repeat(20_000) }],
    ['half a character', { city: 'Z\ud83d' }],
    ['a NUL', { city: 'Zu\0rich' }],
    ['fewer than no employees', { employees: -1 }],
    ['more employees than there are people', { employees: 8e10 }],
    ['part of an employee', { employees: 1.5 }],
    ['a year that never was', { founded: 0 }],
  ])('are unusable when they are %s, and do not spoil the others', (_, raw) => {
    expect(knownValues({ ...raw, industry: 'Zürich 🚀' })).toEqual({
      values: { industry: 'Zürich 🚀' },
      unusable: Object.keys(raw),
    });
  });

  test('in lower case are written as names', () => {
    expect(titleCase('são paulo')).toBe('São Paulo');
    expect(titleCase('oil & energy')).toBe('Oil & Energy');
    expect(titleCase(null)).toBeUndefined();
  });

  test('that are ranges of dollars are written short', () => {
    expect(dollarRange({ min: 1_000_000, max: 2_500_000_000 })).toBe('$1M-$2.5B');
    expect(dollarRange({ min: 1_000_000 })).toBe('$1M+');
    expect(dollarRange({ max: 500_000 })).toBe('$0-$500K');
    expect(dollarRange({})).toBeUndefined();
  });
});
