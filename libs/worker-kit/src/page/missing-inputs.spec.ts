import { describe, expect, test } from '@jest/globals';
import { MAX_REASON_LENGTH } from '@uno/workflow-contracts';
import { missingInputs } from './missing-inputs.js';

const page = { references: { col_1: 'Industry', col_2: 'Country', 'attr:name': 'Name' } };
const skipped = (message: string) => ({ status: 'skipped', reason: { code: 'inputs', message } });

describe('a row that lacks inputs', () => {
  test('is skipped with a sentence that names each of them once by its title', () => {
    const row = { inputs: { 'attr:name': 'Acme' } };
    expect(missingInputs(row, ['attr:name', 'col_1', 'col_1'], page)).toEqual(
      skipped('Industry is empty in this row.'),
    );
    expect(missingInputs(row, ['col_1', 'col_2'], page)).toEqual(
      skipped('Industry and Country are empty in this row.'),
    );
    expect(missingInputs({ inputs: {} }, ['col_1', 'col_2', 'attr:name'], page)).toEqual(
      skipped('Industry, Country and Name are empty in this row.'),
    );
  });

  test('is not skipped when what is needed is there, whatever it is', () => {
    expect(missingInputs({ inputs: { col_1: false, col_2: 0 } }, ['col_1', 'col_2'], page)).toBeUndefined();
  });

  test('has a reason that fits, however many and however long the titles are', () => {
    const references = Array.from({ length: 40 }, (_, index) => `col_${index}`);
    const titles = Object.fromEntries(references.map((reference) => [reference, 'long '.repeat(60)]));
    const result = missingInputs({ inputs: {} }, references, { references: titles });
    expect(result?.reason?.message).toMatch(/… and 36 more are empty in this row\.$/);
    expect(result?.reason?.message.length).toBeLessThanOrEqual(MAX_REASON_LENGTH);
  });
});
