import { describe, expect, test } from '@jest/globals';
import { faultsOfReferences, faultsOfText, insertName } from './references.js';
import type { Referable } from './references.js';

const known: readonly Referable[] = [
  { name: 'Company Name', kind: 'attribute' },
  { name: 'Industry', kind: 'column' },
  { name: 'City', kind: 'attribute' },
  { name: 'city', kind: 'column' },
];

describe('a name in a prompt', () => {
  test('is found whatever its case', () => {
    expect(faultsOfText('{{company name}}, {{INDUSTRY}}', known)).toEqual([]);
  });

  test('is refused once where nothing has it, and where two have', () => {
    expect(faultsOfText('{{Sector}} {{Sector}} {{CITY}}', known)).toEqual([
      'There is no attribute or column “Sector”.',
      '“CITY” is the name of more than one attribute or column.',
    ]);
  });

  test('is none after a backslash', () => {
    expect(faultsOfText('{{ Industry }} \\{{Nobody}} \\{{', known)).toEqual([]);
  });

  test('is put in place of what is selected, with the cursor behind it', () => {
    const inserted = insertName('About XX, please', 'Industry', { start: 6, end: 8 });
    expect(inserted).toEqual({ text: 'About {{Industry}}, please', cursor: 18 });
  });
});

test('every reference of a config is looked at, with the place of the wrong ones', () => {
  const name = { type: 'string' as const, 'x-uno-reference': 'name' };
  const schema = {
    type: 'object' as const,
    properties: {
      prompt: { type: 'string' as const, 'x-uno-reference': 'template' },
      map: { type: 'object' as const, additionalProperties: name },
      note: { type: 'string' as const },
    },
  };
  const config = { prompt: '{{Nobody}}', map: { name: 'Company Name', size: 'Head count' }, note: '{{Nobody}}' };
  expect(faultsOfReferences(schema, config, known)).toEqual([
    { path: ['prompt'], message: 'There is no attribute or column “Nobody”.' },
    { path: ['map', 'size'], message: 'There is no attribute or column “Head count”.' },
  ]);
});
