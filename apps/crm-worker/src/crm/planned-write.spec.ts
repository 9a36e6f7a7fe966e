import { describe, expect, test } from '@jest/globals';
import type { CrmConfig } from '@uno/crm-contract';
import type { OpenRow } from '@uno/workflow-contracts';
import { inRounds, planWrite } from './planned-write.js';

const CONFIG: CrmConfig = {
  object: 'company',
  matchOn: 'domain',
  map: { name: 'attr:Company Name', industry: 'col_1', annualrevenue: 'col_2' },
};
const REFERENCES = { 'attr:Company Name': 'Company Name', 'attr:Site': 'Site', col_1: 'Industry', col_2: 'Revenue' };

const row = (inputs: OpenRow['inputs'], identity: OpenRow['identity'] = { domain: 'https://Acme.com' }): OpenRow => ({
  ...{ rowId: 'row_1', columnIds: ['col_9'], memory: {} },
  inputs,
  identity,
});
const plan = (of: OpenRow, config: Partial<CrmConfig> = {}) =>
  planWrite(of, { columnId: 'col_9', config: { ...CONFIG, ...config } }, { jobId: 'job_1', references: REFERENCES });

describe('what a row writes', () => {
  test('is what its column maps, as texts, to the record that the list’s identity names', () => {
    expect(plan(row({ 'attr:Company Name': 'Acme', col_1: 'Retail', col_2: 7 }))).toEqual({
      rowId: 'row_1',
      columnId: 'col_9',
      key: 'job_1:row_1:col_9',
      target: { object: 'company', idProperty: 'domain', value: 'acme.com' },
      properties: { name: 'Acme', industry: 'Retail', annualrevenue: '7' },
    });
  });

  test('leaves out what is blank, so that nothing is emptied', () => {
    expect(plan(row({ 'attr:Company Name': 'Acme', col_1: ' ' }))).toMatchObject({ properties: { name: 'Acme' } });
  });

  test('is matched on what the column maps there, which it does not write beside it', () => {
    const config = { map: { domain: 'attr:Site', name: 'attr:Company Name' } };
    expect(plan(row({ 'attr:Site': 'www.globex.com/x', 'attr:Company Name': 'Globex' }), config)).toMatchObject({
      target: { value: 'globex.com' },
      properties: { name: 'Globex' },
    });
    expect(plan(row({ 'attr:Site': 'globex.com' }), config)).toMatchObject({ properties: {} });
  });

  test.each([
    [row({ col_1: 'Retail' }, {}), {}, 'This row has no domain, and the record is matched on it.'],
    [
      row({ 'attr:Company Name': 'Acme' }),
      { map: { domain: 'attr:Site', name: 'attr:Company Name' } },
      'Site is empty in this row, and the record is matched on it.',
    ],
    [row({}), {}, 'Everything that this column writes is empty in this row.'],
  ])('is nothing where it has too little: %j', (of, config, message) => {
    expect(plan(of, config)).toEqual({
      ...{ rowId: 'row_1', columnId: 'col_9', status: 'skipped' },
      reason: { code: 'inputs', message },
    });
  });

  test('is an error that names the column where a value is longer than the CRM takes', () => {
    expect(plan(row({ col_1: 'x'.repeat(65_537) }))).toMatchObject({
      status: 'error',
      reason: {
        code: 'value_too_long',
        message: 'Industry is longer than a property of the CRM can be. Shorten it.',
      },
    });
    expect(plan(row({ col_1: 'Retail' }, { domain: `${'x'.repeat(600)}.com` }))).toMatchObject({ status: 'error' });
  });
});

describe('rounds of writes', () => {
  const to = (value: string, id: number) => ({ id, target: { object: 'company', idProperty: 'domain', value } });

  test('hold no record twice, and keep the order of the writes to one record', () => {
    const writes = [to('a', 1), to('b', 2), to('a', 3), to('c', 4), to('a', 5), to('b', 6)];
    expect(inRounds(writes).map((round) => round.map(({ id }) => id))).toEqual([[1, 2, 4], [3, 6], [5]]);
    expect(inRounds([])).toEqual([]);
  });
});
