import { describe, expect, test } from '@jest/globals';
import { found, NOT_FOUND } from '../../test/fixtures/fake-ports.js';
import { cell, lusha, pdl, row, setUp } from '../../test/fixtures/waterfall-setup.js';

describe('the waterfall', () => {
  test('fills all columns of a row with one look-up and leaves the second provider alone when nothing is lacking', async () => {
    const first = lusha(() => [found({ industry: 'Retail', employees: 7 })]);
    const second = pdl(() => [NOT_FOUND]);
    const cells = await setUp([first, second]).lookUp([row('Acme')]);
    expect(cells).toEqual([
      {
        rowId: 'r-Acme',
        columnId: 'c-industry',
        status: 'filled',
        value: 'Retail',
        provenance: { source: 'lusha', tries: [{ provider: 'lusha', outcome: 'filled', ms: 0, charged: true }] },
      },
      expect.objectContaining({ columnId: 'c-employees', status: 'filled', value: 7 }),
    ]);
    expect([first.requests.length, second.requests.length]).toEqual([1, 0]);
  });

  test('asks the second provider only for the rows and attributes that still lack a value', async () => {
    const first = lusha(() => [found({ industry: 'Retail', employees: 7 }), found({ industry: 'Energy' }), NOT_FOUND]);
    const second = pdl(() => [found({ industry: 'Oil', employees: 9 }), found({ industry: 'Steel', employees: 3 })]);
    const cells = await setUp([first, second]).lookUp([row('A'), row('B'), row('C')]);
    expect(second.asked).toEqual([['B', 'C']]);
    expect([...(second.requests[0]?.attributes ?? [])].sort()).toEqual(['employees', 'industry']);
    expect(cell(cells, 'B', 'c-industry')).toMatchObject({ value: 'Energy', provenance: { source: 'lusha' } });
    expect(cell(cells, 'B', 'c-employees')).toMatchObject({
      value: 9,
      provenance: {
        source: 'pdl',
        tries: [
          { provider: 'lusha', outcome: 'no_value', charged: true },
          { provider: 'pdl', outcome: 'filled', charged: true },
        ],
      },
    });
    expect(cell(cells, 'C', 'c-industry')).toMatchObject({ value: 'Steel', provenance: { source: 'pdl' } });
  });

  test('a cell that nobody can fill is not_found and says what each provider had', async () => {
    const first = lusha(() => [NOT_FOUND, found({ industry: 'Retail' })]);
    const second = pdl(() => [NOT_FOUND, found({ industry: 'Shops' })]);
    const cells = await setUp([first, second]).lookUp([row('A'), row('B')]);
    expect(cell(cells, 'A', 'c-industry')).toMatchObject({
      status: 'not_found',
      reason: { code: 'no_match', message: 'Lusha has no match; People Data Labs has no match.' },
    });
    expect(cell(cells, 'B', 'c-employees')).toMatchObject({
      status: 'not_found',
      reason: {
        code: 'no_value',
        message: 'Lusha has a match but no employees; People Data Labs has a match but no employees.',
      },
    });
  });

  test('only open cells are settled, and a row is asked for its own open columns only', async () => {
    const first = lusha(() => [found({ industry: 'Retail' })]);
    const second = pdl(() => [NOT_FOUND]);
    const cells = await setUp([first, second]).lookUp([row('A', ['c-industry'])]);
    expect(cells).toHaveLength(1);
    expect(second.requests).toHaveLength(0);
  });

  test('rows without an identity and attributes of another entity type are skipped with a reason, without a call', async () => {
    const first = lusha(() => [found({})]);
    const { waterfall, lookUp } = setUp([first]);
    expect(await lookUp([row('')])).toMatchObject([
      { status: 'skipped', reason: { code: 'missing_identity' } },
      { status: 'skipped', reason: { code: 'missing_identity' } },
    ]);
    const page = waterfall.openPage({
      entityType: 'company',
      columns: [{ columnId: 'c-phone', config: { attribute: 'phone' } }],
    });
    const cells = await waterfall.lookUp([row('A', ['c-phone'])], { page, signal: new AbortController().signal });
    expect(cells).toMatchObject([{ status: 'skipped', reason: { code: 'attribute_not_available' } }]);
    expect(first.requests).toHaveLength(0);
  });

  test('splits a chunk into calls of the configured size and takes a lease before each', async () => {
    const first = lusha(({ entities }) => entities.map(() => found({ industry: 'Retail', employees: 1 })));
    const { lookUp, leases } = setUp([first], { lookupsPerCall: 2 });
    await lookUp(['A', 'B', 'C', 'D', 'E'].map((name) => row(name)));
    expect(first.asked).toEqual([['A', 'B'], ['C', 'D'], ['E']]);
    expect(leases.acquired).toEqual(['lusha', 'lusha', 'lusha']);
  });
});
