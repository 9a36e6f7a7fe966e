import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmConfig } from '@uno/crm-contract';
import { SandboxProcess, sleep } from '@uno/testing';
import { FakeProviderServer } from '@uno/worker-kit/testing';
import type { CellResult } from '@uno/workflow-contracts';
import { companies, COMPANIES, JOB, rowOf, SandboxCrm } from './fixtures/sandbox-crm.js';

let sandbox: SandboxProcess;
let crm: SandboxCrm;
let since = 0;

beforeAll(async () => {
  sandbox = await SandboxProcess.start();
});

afterAll(async () => {
  await sandbox.stop();
});

beforeEach(async () => {
  await sandbox.reset('1');
  since = (await sandbox.calls()).length;
  crm = new SandboxCrm(sandbox);
});

/** Part of a reply to a read that finds none of `companies(50)`. */
const NONE_THERE = {
  category: 'OBJECT_NOT_FOUND',
  context: { ids: companies(50).map(({ identity }) => identity['domain']) },
};

const outcomesOf = (cells: readonly CellResult[]): unknown[] =>
  cells.map(({ value, reason }) => (value as { outcome?: string } | undefined)?.outcome ?? reason?.code);

const callsTo = async (action: string): Promise<number> => {
  const calls = (await crm.calls(since)).filter(({ route }) => route.endsWith(action));
  return new Set(calls.map(({ callId }) => callId)).size;
};

describe('filling CRM cells', () => {
  test('creates what is missing and updates what is there, a hundred rows with one read and one write', async () => {
    for (const index of [0, 1]) await crm.write(`c${index}.com`, { name: 'Before', city: 'Austin' });
    since = (await sandbox.calls()).length;
    const cells = await crm.fill(companies(100), { crm: COMPANIES });
    const records = await crm.records();
    expect(records).toHaveLength(100);
    expect(records[0]?.properties).toMatchObject({ name: 'Company 0', industry: 'Retail', city: 'Austin' });
    expect(cells.map(({ status }) => status)).toEqual(Array(100).fill('filled'));
    expect(outcomesOf(cells)).toEqual(['updated', 'updated', ...Array<string>(98).fill('created')]);
    expect(cells.map(({ value }) => (value as { recordId: string }).recordId)).toEqual(records.map(({ id }) => id));
    expect([await callsTo('read'), await callsTo('upsert')]).toEqual([1, 1]);
    expect(crm.leases.acquired).toEqual(['hubspot', 'hubspot']);
    const keys = (await crm.calls(since)).filter(({ route }) => route.endsWith('upsert'));
    expect(keys[0]?.idempotencyKey).toMatch(new RegExp(`^${JOB}:row .+:crm$`));
  });

  test('journals every record before it is written, with what it held', async () => {
    await crm.write('c0.com', { name: 'Before' });
    const writesAtJournal: number[] = [];
    crm.beforeJournal = async () => void writesAtJournal.push((await crm.records()).length);
    await crm.fill(companies(2), { crm: COMPANIES });
    expect(writesAtJournal).toEqual([1]);
    expect(crm.journal.entries.map(({ effect }) => [effect.target.value, effect.before, effect.after])).toEqual([
      ['c0.com', { name: 'Before', industry: null }, { name: 'Company 0', industry: 'Retail' }],
      ['c1.com', null, { name: 'Company 1', industry: 'Retail' }],
    ]);
  });

  test('asks for leave to write once more when the journal took long, so that a pause meanwhile holds it back', async () => {
    crm.beforeJournal = () => sleep(200);
    await crm.fill(companies(1), { crm: COMPANIES });
    expect(crm.leases.acquired).toHaveLength(3);
  });

  test('skips a row without its match, and leaves what is blank as it is in the CRM', async () => {
    await crm.write('kept.com', { industry: 'Mining' });
    const cells = await crm.fill(
      [
        rowOf('', { 'attr:Company Name': 'Nobody' }),
        rowOf('none.com', {}),
        rowOf('kept.com', { 'attr:Company Name': 'Kept', col_industry: ' ' }),
      ],
      { crm: COMPANIES },
    );
    expect(cells.map(({ status, reason }) => [status, reason?.code])).toEqual([
      ['skipped', 'inputs'],
      ['skipped', 'inputs'],
      ['filled', undefined],
    ]);
    expect(await crm.records()).toMatchObject([{ properties: { name: 'Kept', industry: 'Mining' } }]);
  });

  test.each([100, 1, 2])(
    'writes rows of one record one after another in their order, of which the first created it, also in chunks of %d side by side',
    async (chunkSize) => {
      const rows = ['acme.com', 'globex.com', 'https://www.ACME.com/', 'Acme.com'].map((domain, index) =>
        rowOf(domain, { 'attr:Company Name': `Name ${index}`, ...(index === 0 && { col_industry: 'Retail' }) }),
      );
      const cells = await crm.fill(rows, { crm: COMPANIES }, { chunkSize });
      expect(new Set(cells.map(({ rowId }) => rowId)).size).toBe(4);
      const outcomes = new Map(cells.map((cell) => [cell.rowId, outcomesOf([cell])[0]]));
      expect(rows.map(({ rowId }) => outcomes.get(rowId))).toEqual(['created', 'created', 'updated', 'updated']);
      // Which of the two records is made first is open when calls run side by side.
      const records = new Map((await crm.records()).map((record) => [record.properties['domain'], record]));
      expect(records.get('acme.com')).toMatchObject({ properties: { name: 'Name 3', industry: 'Retail' }, writes: 3 });
      expect(records.get('globex.com')).toMatchObject({ properties: { name: 'Name 1' }, writes: 1 });
      expect(records.size).toBe(2);
      const ofAcme = crm.journal.entries.filter(({ effect }) => effect.target.value === 'acme.com');
      expect(ofAcme.map(({ effect }) => effect.before?.['name'])).toEqual([undefined, 'Name 0', 'Name 2']);
      await crm.revert();
      expect((await crm.records()).map(({ archived }) => archived)).toEqual([true, true]);
    },
  );

  test('writes each column of a step to its own object with its own properties', async () => {
    const people: CrmConfig = { object: 'contact', matchOn: 'email', map: { company: 'attr:Company Name' } };
    const cities: CrmConfig = { object: 'company', matchOn: 'domain', map: { city: 'col_city' } };
    const row = rowOf('acme.com', { 'attr:Company Name': 'Acme', col_city: 'Austin' }, ['people', 'crm', 'cities']);
    const rows = [{ ...row, identity: { domain: 'acme.com', email: 'Ada@Acme.com' } }];
    const cells = await crm.fill(rows, { crm: COMPANIES, cities, people });
    expect(cells.map(({ columnId, status }) => `${columnId} ${status}`)).toEqual([
      'crm filled',
      'cities filled',
      'people filled',
    ]);
    expect(await crm.records()).toMatchObject([
      { object: 'companies', properties: { domain: 'acme.com', name: 'Acme', city: 'Austin' } },
      { object: 'contacts', properties: { email: 'ada@acme.com', company: 'Acme' } },
    ]);
    expect((await crm.revert()).map(({ outcome }) => outcome)).toEqual(['archived', 'archived']);
  });

  test('says created once more when it is tried again after its write, and makes no second record', async () => {
    const rows = companies(3);
    await crm.fill(rows, { crm: COMPANIES });
    expect(outcomesOf(await crm.fill(rows, { crm: COMPANIES }))).toEqual(['created', 'created', 'created']);
    expect(await crm.records()).toHaveLength(3);
    await crm.revert();
    expect((await crm.records()).every(({ archived }) => archived)).toBe(true);
  });

  test('reads a record once more when its write had to wait after the read', async () => {
    await crm.write('c0.com', { name: 'Before' });
    const { leases } = crm;
    const acquire = leases.acquire.bind(leases);
    const { now } = performance;
    leases.acquire = async (subject, signal) => {
      await acquire(subject, signal);
      // The second lease is the one of the write: the job was paused meanwhile, and somebody changed the record.
      if (leases.acquired.length !== 2) return;
      await crm.write('c0.com', { name: 'Changed in the pause' });
      performance.now = () => now.call(performance) + 60_000;
    };
    try {
      await crm.fill(companies(1), { crm: COMPANIES });
    } finally {
      performance.now = now;
    }
    expect(crm.journal.entries.map(({ effect }) => effect.before)).toEqual([
      { name: 'Changed in the pause', industry: null },
    ]);
  });
});

describe('a row that the CRM does not take', () => {
  test('is an error with a reason of its own, and the others are written', async () => {
    const emails: CrmConfig = { object: 'contact', matchOn: 'email', map: { company: 'attr:Company Name' } };
    const rows = ['no address', 'ada@acme.com', 'nobody'].map((email) => ({
      ...rowOf(email, { 'attr:Company Name': 'Acme' }),
      identity: { email },
    }));
    const cells = await crm.fill(rows, { crm: emails });
    expect(outcomesOf(cells)).toEqual(['provider_refused_row', 'created', 'provider_refused_row']);
    expect(cells[0]?.reason?.message).toMatch(/^HubSpot refused what this row writes as invalid\. Check .+\.$/);
    expect(JSON.stringify([cells[0]?.reason, cells[0]?.provenance])).not.toContain('no address');
    const outcomes = (await crm.revert()).map(({ target, outcome }) => [target.value, outcome]);
    expect(Object.fromEntries(outcomes)).toEqual({
      'no address': 'unchanged',
      'ada@acme.com': 'archived',
      nobody: 'unchanged',
    });
  });

  test('because another record has its unique value is told apart', async () => {
    await crm.write('taken.com', { uno_key: 'k1' });
    const keys: CrmConfig = { object: 'company', matchOn: 'domain', map: { uno_key: 'attr:Company Name' } };
    const cells = await crm.fill([rowOf('acme.com', { 'attr:Company Name': 'k1' })], { crm: keys });
    expect(cells).toMatchObject([{ status: 'error', reason: { code: 'provider_conflict' } }]);
  });

  test.each([
    ['colour', 'domain', 'provider_property_unknown', /^HubSpot does not have the property colour\. Create .+\.$/],
    ['name', 'city', 'provider_match_refused', /^HubSpot cannot find records by .+ marked unique at HubSpot/],
  ])(
    'because of its column (%s, matched on %s) costs few calls for all rows',
    async (property, matchOn, code, message) => {
      const config: CrmConfig = { ...COMPANIES, matchOn, map: { [property]: 'attr:Company Name' } };
      const rows = companies(100).map((row, index) => ({
        ...row,
        identity: { ...row.identity, city: `City ${index}` },
      }));
      const cells = await crm.fill(rows, { crm: config, good: COMPANIES });
      expect(cells).toHaveLength(100);
      expect(cells.at(-1)?.reason).toEqual({ code, message: expect.stringMatching(message) });
      expect(new Set(cells.map(({ status }) => status))).toEqual(new Set(['error']));
      expect((await callsTo('read')) + (await callsTo('upsert'))).toBeLessThan(25);
      expect(await crm.records()).toEqual([]);
    },
  );

  test('for a reason that the CRM does not tell is the column, once three rows were refused alone and none was taken', async () => {
    const hubspot = await FakeProviderServer.start((response, { path }) => {
      response.writeHead(path?.endsWith('upsert') ? 400 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ results: [], errors: [NONE_THERE] }));
    });
    try {
      const cells = await new SandboxCrm(sandbox, { baseUrl: hubspot.url }).fill(companies(50), { crm: COMPANIES });
      const codes = cells.map(({ reason }) => reason?.code);
      expect(codes).toEqual([...Array(2).fill('provider_refused_row'), ...Array(48).fill('provider_column_refused')]);
    } finally {
      await hubspot.stop();
    }
  });

  test('because of a property that does not exist keeps no row back that leaves it blank', async () => {
    const config: CrmConfig = {
      ...COMPANIES,
      map: { name: 'attr:Company Name', colour: 'col_city', shade: 'col_industry' },
    };
    const rows = [
      rowOf('a.com', { 'attr:Company Name': 'A', col_city: 'red' }),
      rowOf('b.com', { 'attr:Company Name': 'B' }),
      rowOf('c.com', { 'attr:Company Name': 'C', col_city: 'blue', col_industry: 'dark' }),
    ];
    const cells = new Map((await crm.fill(rows, { crm: config })).map(({ rowId, ...cell }) => [rowId, cell]));
    expect(rows.map(({ rowId }) => cells.get(rowId)?.reason?.message.split('.')[0])).toEqual([
      'HubSpot does not have the property colour',
      undefined,
      expect.stringMatching(/^HubSpot does not have the propert(y|ies) .*(colour|shade)/),
    ]);
    expect(await crm.records()).toMatchObject([{ properties: { domain: 'b.com' } }]);
  });

  test('that is too long to be taken back is not written', async () => {
    await crm.write('c0.com', { name: 'x'.repeat(40_000) });
    const long = { ...companies(1)[0]!, inputs: { 'attr:Company Name': 'y'.repeat(40_000) } };
    expect(await crm.fill([long, companies(2)[1]!], { crm: COMPANIES })).toMatchObject([
      { status: 'error', reason: { code: 'value_too_long' } },
      { status: 'filled' },
    ]);
  });
});
