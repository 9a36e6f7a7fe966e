import { describe, expect, test } from '@jest/globals';
import { PageFailed, ProviderError } from '@uno/worker-kit';
import { cellResult, MAX_REASON_LENGTH, type OpenRow } from '@uno/workflow-contracts';
import { EVENT, FakeSignals, fill, rowOf, type Filled } from '../../test/fake-signals.js';
import { signalsCauses } from './signals-causes.js';

const COLUMNS = [
  { columnId: 'money', config: { kinds: ['funding'], withinDays: 30 } },
  { columnId: 'all', config: { kinds: ['news', 'hiring'], withinDays: 180 } },
];
const remembered = (id: string): Partial<OpenRow> => ({ memory: { lushaId: id } });
const row = (name: string, more?: Partial<OpenRow>): OpenRow => rowOf(name, ['money'], more);
const fillCompanies = (provider: FakeSignals, rows: readonly OpenRow[], columns = COLUMNS): Promise<Filled> =>
  fill(provider, { entityType: 'company', columns, rows: [...rows] });

describe('a chunk of rows', () => {
  test('is searched for in one call and asked for in one call, for all its columns', async () => {
    const provider = new FakeSignals();
    const hiring = { ...EVENT, kind: 'hiring', date: '2026-06-01' } as const;
    provider.onEvents = () => ({ outcome: 'known', events: [EVENT, hiring] });
    const rows = ['A', 'B'].map((name) => rowOf(name, ['money', 'all']));
    const { cells, memories } = await fillCompanies(provider, rows);
    expect(cells.map(({ rowId, columnId, value }) => [rowId, columnId, value])).toEqual([
      ['A', 'money', EVENT],
      ['A', 'all', hiring],
      ['B', 'money', EVENT],
      ['B', 'all', hiring],
    ]);
    expect(provider.searched).toEqual([['A', 'B']]);
    expect(provider.questions).toEqual([
      {
        entityType: 'company',
        ids: ['id-A', 'id-B'],
        kinds: new Set(['funding', 'news', 'hiring']),
        since: '2026-05-26',
      },
    ]);
    expect(Object.fromEntries(memories)).toEqual({ A: { lushaId: 'id-A' }, B: { lushaId: 'id-B' } });
  });

  test('is asked only for what its open cells want', async () => {
    const provider = new FakeSignals();
    await fillCompanies(provider, [row('A')]);
    expect(provider.questions).toMatchObject([{ kinds: new Set(['funding']), since: '2026-10-23' }]);
  });

  test('keeps in the provenance who was asked what, and what was charged', async () => {
    const provider = new FakeSignals();
    provider.onEvents = (id) => ({ outcome: 'known', events: id === 'id-A' ? [EVENT] : [] });
    const { cells } = await fillCompanies(provider, [row('A'), row('Quiet')]);
    const search = { provider: 'lusha', call: 'search', outcome: 'match', charged: true, ms: expect.any(Number) };
    const signals = { provider: 'lusha', call: 'signals', ms: expect.any(Number) };
    expect(cells).toMatchObject([
      { provenance: { source: 'lusha', tries: [search, { ...signals, outcome: 'filled', charged: true }] } },
      {
        status: 'not_found',
        reason: { code: 'no_event', message: 'Lusha has a match but no funding in the last 30 days.' },
        provenance: { tries: [search, { ...signals, outcome: 'no_value', charged: false }] },
      },
    ]);
    for (const cell of cells) expect(cellResult.parse(cell)).toEqual(cell);
  });

  test('says of each column by itself whether the call had an event for it', async () => {
    const { cells } = await fillCompanies(new FakeSignals(), [rowOf('A', ['money', 'all'])]);
    expect(cells.map(({ status, provenance }) => [status, provenance?.['tries']])).toMatchObject([
      ['filled', [{}, { outcome: 'filled', charged: true }]],
      ['not_found', [{}, { outcome: 'no_value', charged: true }]],
    ]);
  });

  test('asks for an entity once that stands in two rows, and only one of them is charged', async () => {
    const provider = new FakeSignals();
    provider.onSearch = () => ({ outcome: 'match', id: 'same' });
    const { cells } = await fillCompanies(provider, [row('Acme'), row('Acme Inc')]);
    expect(provider.asked).toEqual([['same']]);
    expect(cells.map(({ value }) => value)).toEqual([EVENT, EVENT]);
    const charged = cells.map(({ provenance }) => JSON.stringify(provenance).match(/"charged":true/g)?.length);
    expect(charged).toEqual([2, 1]);
  });

  test('makes no call for rows without identity and columns whose kinds the list has not', async () => {
    const provider = new FakeSignals();
    const columns = [...COLUMNS, { columnId: 'job', config: { kinds: ['job_change'], withinDays: 90 } }];
    const rows = [row('Nobody', { identity: {} }), rowOf('A', ['job'])];
    const { cells, memories } = await fillCompanies(provider, rows, columns);
    expect(cells).toMatchObject([
      { status: 'skipped', reason: { code: 'missing_identity', message: expect.stringMatching(/neither a company/) } },
      { status: 'skipped', reason: { code: 'kinds_not_available', message: expect.stringMatching(/for a company/) } },
    ]);
    expect([provider.searches.length, provider.questions.length, memories.size]).toEqual([0, 0, 0]);
  });

  test('is not asked about events of rows that the search did not find', async () => {
    const provider = new FakeSignals();
    provider.onSearch = () => ({ outcome: 'no_match' });
    const { cells, memories } = await fillCompanies(provider, [row('A')]);
    expect(cells).toMatchObject([
      { status: 'not_found', reason: { code: 'no_match', message: 'Lusha has no match.' } },
    ]);
    expect([provider.questions.length, memories.size]).toEqual([0, 0]);
  });
});

describe('an id that is remembered', () => {
  test('saves the search, and is not remembered again', async () => {
    const provider = new FakeSignals();
    const { cells, memories } = await fillCompanies(provider, [row('A', remembered('id-A')), row('B')]);
    expect(provider.searched).toEqual([['B']]);
    expect(provider.asked).toEqual([['id-A', 'id-B']]);
    expect(cells.map(({ status }) => status)).toEqual(['filled', 'filled']);
    expect([...memories.keys()]).toEqual(['B']);
  });

  test.each([
    ['not known any more', { outcome: 'unknown_id' }],
    ['refused', { outcome: 'error', code: 'provider_refused_row' }],
  ] as const)('and %s is searched for again, once, and the new one is remembered', async (_, stale) => {
    const provider = new FakeSignals();
    provider.onEvents = (id) => (id === 'old' ? stale : { outcome: 'known', events: [EVENT] });
    const { cells, memories } = await fillCompanies(provider, [row('A', remembered('old')), row('B')]);
    expect(provider.searched).toEqual([['B'], ['A']]);
    expect(provider.asked).toEqual([['old', 'id-B'], ['id-A']]);
    expect(cells.map(({ value }) => value)).toEqual([EVENT, EVENT]);
    expect(memories.get('A')).toEqual({ lushaId: 'id-A' });
  });

  test('is forgotten when the search finds nobody either', async () => {
    const provider = new FakeSignals();
    provider.onEvents = () => ({ outcome: 'unknown_id' });
    provider.onSearch = () => ({ outcome: 'no_match' });
    const { cells, memories } = await fillCompanies(provider, [row('A', remembered('old'))]);
    expect(cells).toMatchObject([{ status: 'not_found', reason: { code: 'no_match' } }]);
    expect(memories.get('A')).toEqual({});
  });

  test('is not asked for again when the search gives the same one', async () => {
    const provider = new FakeSignals();
    provider.onEvents = () => ({ outcome: 'unknown_id' });
    const { cells, memories } = await fillCompanies(provider, [row('A', remembered('id-A')), row('B')]);
    expect(provider.asked).toEqual([['id-A', 'id-B']]);
    expect(cells).toMatchObject([{ reason: { code: 'no_event' } }, { reason: { code: 'no_event' } }]);
    expect([...memories.keys()]).toEqual(['B']);
  });

  test('counts as none when it is no id, or too long to be kept', async () => {
    const provider = new FakeSignals();
    provider.onSearch = () => ({ outcome: 'match', id: 'x'.repeat(2_000) });
    const { cells, memories } = await fillCompanies(provider, [row('A', { memory: { lushaId: 7 } })]);
    expect(provider.searched).toEqual([['A']]);
    expect(cells).toMatchObject([{ status: 'filled' }]);
    expect(memories.get('A')).toEqual({});
  });
});

describe('a provider that fails', () => {
  test('for one row is asked again for it alone, three times in all, and the id is remembered all the same', async () => {
    const provider = new FakeSignals();
    provider.onEvents = (id) => (id === 'id-B' ? undefined : { outcome: 'known', events: [EVENT] });
    const { cells, memories } = await fillCompanies(provider, [row('A'), row('B')]);
    expect(provider.asked).toEqual([['id-A', 'id-B'], ['id-B'], ['id-B']]);
    expect(cells).toMatchObject([
      { status: 'filled' },
      { status: 'error', reason: signalsCauses.reasonFor(provider, 'provider_row_missing') },
    ]);
    expect(memories.get('B')).toEqual({ lushaId: 'id-B' });
  });

  test('because of one row is asked in halves until that row stands alone', async () => {
    const provider = new FakeSignals();
    provider.onSearch = (name) => {
      if (provider.searched.at(-1)?.includes('Bad')) throw ProviderError.fromStatus('lusha', 400);
      return { outcome: 'match', id: `id-${name}` };
    };
    const { cells } = await fillCompanies(
      provider,
      ['A', 'B', 'Bad', 'C'].map((name) => row(name)),
    );
    expect(provider.searched).toEqual([['A', 'B', 'Bad', 'C'], ['A', 'B'], ['Bad', 'C'], ['Bad'], ['C']]);
    expect(cells.map(({ status }) => status)).toEqual(['filled', 'filled', 'error', 'filled']);
    expect(cells[2]?.reason).toEqual({
      code: 'provider_refused_row',
      message: 'Lusha refused the look-up as invalid. Check the name, domain and email address of this row.',
    });
  });

  test('past its budget fails the page, and one event that no cell can hold only its cell', async () => {
    const provider = new FakeSignals();
    for (const unusable of [
      { title: 'NUL \0' },
      { url: 'https://news.example/\ud800' },
      { title: 'x'.repeat(70_000) },
    ]) {
      provider.onEvents = () => ({ outcome: 'known', events: [{ ...EVENT, ...unusable }] });
      const code = 'provider_value_unusable';
      expect(await fillCompanies(provider, [row('A')])).toMatchObject({
        cells: [{ status: 'error', reason: { code }, provenance: { tries: [{}, { outcome: 'error', code }] } }],
      });
    }
    provider.onEvents = () => {
      throw ProviderError.fromStatus('lusha', 503);
    };
    const down = fill(
      provider,
      { entityType: 'company', columns: COLUMNS, rows: [row('A')] },
      { retryBudgetSeconds: 0.1 },
    );
    await expect(down).rejects.toBeInstanceOf(PageFailed);
  });
});

test('every cause has words of its own that fit into a reason', () => {
  const codes = ['provider_refused_row', 'provider_restricted', 'provider_lookup_failed', 'provider_timeout'] as const;
  const messages = codes.map((code) => signalsCauses.reasonFor(new FakeSignals(), code).message);
  expect(new Set(messages).size).toBe(codes.length);
  for (const message of messages) {
    expect(message).toMatch(/^Lusha [a-z].+\. [A-Z].+\.$/);
    expect(message.length).toBeLessThan(MAX_REASON_LENGTH);
  }
});
