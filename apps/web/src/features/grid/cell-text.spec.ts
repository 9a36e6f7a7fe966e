import { expect, test } from '@jest/globals';
import { cellText, cellTooltip, editText } from './cell-text.js';
import { BLANK } from './merge-cells.js';

test('a cell being filled keeps showing its former value', () => {
  expect(cellText({ ...BLANK, status: 'pending', value: 'Retail' })).toEqual({ value: 'Retail', note: '' });
});

test('an error shows a short note, and its reason as the tooltip', () => {
  const cell = {
    ...BLANK,
    status: 'error' as const,
    reason: { code: 'unauthorized', message: 'The key was refused.' },
  };
  expect(cellText(cell)).toEqual({ value: '', note: 'Error' });
  expect(cellTooltip(cell)).toBe('Error: The key was refused.');
});

test('an event shows its title, its day beside it, and where it was read', () => {
  const value = { kind: 'news', title: 'Opens an office', date: '2026-10-01', url: 'https://example.com/a' };
  expect(cellText({ ...BLANK, status: 'filled', value })).toEqual({
    value: 'Opens an office',
    note: 'Oct 1, 2026',
    href: 'https://example.com/a',
  });
  expect(cellTooltip({ ...BLANK, status: 'filled', value })).toBe('Opens an office, Oct 1, 2026');
});

test('a text that is longer than the cell is shown in full as its tooltip, a short one is not repeated', () => {
  const text = 'One line on Adobe: mid-size buyers value it because it is simple.';
  expect(cellTooltip({ ...BLANK, status: 'filled', value: text })).toBe(text);
  expect(cellTooltip({ ...BLANK, status: 'filled', value: text, edited: true })).toBe(`${text} Edited by hand.`);
  expect(cellTooltip({ ...BLANK, status: 'pending', value: text })).toBe(`${text} Being filled`);
  expect(cellTooltip({ ...BLANK, status: 'filled', value: 'Software' })).toBe('');
});

test('a stale value that was edited says both', () => {
  expect(cellTooltip({ ...BLANK, status: 'filled', value: 1, stale: true, edited: true })).toBe(
    'The row has changed since this value was found. Edited by hand.',
  );
});

test('an editor starts with the plain value, without separators', () => {
  expect(editText({ ...BLANK, status: 'filled', value: 164_000 })).toBe('164000');
});
