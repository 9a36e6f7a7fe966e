import { describe, expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { formatDuration, formatValue } from './format.js';
import { renderTable } from './table.js';

describe('a table', () => {
  test('is as wide as its widest cell, whatever is painted', () => {
    const green = picocolors.createColors(true).green('ok');
    expect(
      renderTable(
        ['id', 'state'],
        [
          ['a-long-id', green],
          ['b', 'bad'],
        ],
      ),
    ).toBe(`ID         STATE\na-long-id  ${green}\nb          bad`);
  });
});

describe('a value', () => {
  test('of a cell is one short line', () => {
    expect(formatValue({ a: 1 })).toBe('{"a":1}');
    expect(formatValue('two\n lines')).toBe('two lines');
    expect(formatValue('x'.repeat(80))).toHaveLength(60);
    expect(formatValue(null)).toBe('');
  });

  test('of time is given in the unit that a person would use', () => {
    expect([850, 12_345, 250_000].map(formatDuration)).toEqual(['850 ms', '12.3 s', '4 min 10 s']);
  });
});
