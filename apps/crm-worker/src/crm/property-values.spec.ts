import { describe, expect, test } from '@jest/globals';
import { holds, matchValueOf, propertyText } from './property-values.js';

describe('a value on its way into the CRM', () => {
  test.each([
    ['Retail', 'Retail'],
    [' Retail ', ' Retail '],
    [1_250_000, '1250000'],
    [0, '0'],
    [false, 'false'],
    [{ kind: 'funding', title: 'Series B' }, '{"kind":"funding","title":"Series B"}'],
    [['a', 'b'], '["a","b"]'],
  ])('%j is written as the text %j', (value, text) => {
    expect(propertyText(value)).toBe(text);
  });

  test.each([[undefined], [null], [''], ['  \n']])('%j is blank, so it is left out', (value) => {
    expect(propertyText(value)).toBeUndefined();
  });
});

describe('a match value', () => {
  test.each([
    ['domain', 'https://www.Acme.com/about?x=1', 'acme.com'],
    ['domain', 'ACME.com.', 'acme.com'],
    ['domain', ' acme.com:443 ', 'acme.com'],
    ['email', ' Ada@Acme.com', 'ada@acme.com'],
    ['uno_key', ' Key 7 ', 'Key 7'],
    ['uno_key', 7, '7'],
  ])('by %s, %j finds the record %j', (property, value, kept) => {
    expect(matchValueOf(property, value)).toBe(kept);
    expect(matchValueOf(property, kept)).toBe(kept);
  });

  test.each([[undefined], [''], ['https://']])('%j is none', (value) => {
    expect(matchValueOf('domain', value)).toBeUndefined();
  });
});

describe('whether the CRM holds what was written', () => {
  test.each([
    [{ name: 'Acme' }, { name: 'Acme' }],
    [{ name: 'Acme', city: 'Austin' }, { name: 'Acme' }],
    [{ name: 'Acme' }, { name: ' Acme ' }],
    [{ domain: 'acme.com' }, { domain: 'https://www.ACME.com/' }],
    [{ annualrevenue: '17.0' }, { annualrevenue: '17' }],
    [{ name: null }, { name: null }],
    [{}, { name: null }],
    [{}, {}],
  ])('%j holds %j', (current, written) => {
    expect(holds(current, written)).toBe(true);
  });

  test.each([
    [{ name: 'Acme Rockets' }, { name: 'Acme' }],
    [{ name: 'acme' }, { name: 'Acme' }],
    [{ name: null }, { name: 'Acme' }],
    [{ name: 'Acme' }, { name: null }],
    [{ phone: '12345678901234567891' }, { phone: '12345678901234567892' }],
    [
      { name: 'Acme', city: 'Austin' },
      { name: 'Acme', city: 'Boston' },
    ],
  ])('%j does not hold %j', (current, written) => {
    expect(holds(current, written)).toBe(false);
  });
});
