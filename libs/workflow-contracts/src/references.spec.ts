import { describe, expect, test } from '@jest/globals';
import { hasOpenReference, mapReferences, referencesIn, renderReferences } from './references.js';

describe('references in a text', () => {
  const text = 'One line on {{ Company Name }}, an {{Industry}} firm; write \\{{this}} as it is';

  test('are found in their order, without what is written as a literal', () => {
    expect(referencesIn(text)).toEqual(['Company Name', 'Industry']);
  });

  test('are replaced one by one, and literals stay literals', () => {
    expect(mapReferences(text, (name) => `id of ${name}`)).toBe(
      'One line on {{id of Company Name}}, an {{id of Industry}} firm; write \\{{this}} as it is',
    );
  });

  test('become values for a reader, also values that look like references', () => {
    expect(renderReferences(text, (name) => `<${name}> {{x}}`)).toBe(
      'One line on <Company Name> {{x}}, an <Industry> {{x}} firm; write {{this}} as it is',
    );
  });

  test.each([
    ['Hi {{name}', true],
    ['Hi {{', true],
    ['Hi {{name}} and {{other', true],
    ['Hi {{name}}', false],
    ['Hi \\{{name', false],
    ['Hi {name}', false],
  ])('that are left open are found: %s', (given, isOpen) => {
    expect(hasOpenReference(given)).toBe(isOpen);
  });

  test('need their second pair of braces', () => {
    expect(referencesIn('{{open and {single} and {{}}')).toEqual(['']);
  });
});
