import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import { startApi } from './api-fixture.js';
import type { ApiFixture, Reply } from './api-fixture.js';

let api: ApiFixture;
let key: string;
let listId: string;
beforeAll(async () => {
  api = await startApi();
  key = (await api.workspace()).apiKey;
});
beforeEach(async () => {
  const made = await api.call('POST', '/v1/lists', { key, body: { name: 'Imported', entityType: 'company' } });
  listId = made.body.id;
});
afterAll(() => api.stop());

const csv = { 'content-type': 'text/csv' };
const upload = (raw: string, headers = {}): Promise<Reply> =>
  api.call('POST', `/v1/lists/${listId}/import`, { key, raw, headers: { ...csv, ...headers } });
const rows = async (): Promise<{ position: number; entity: unknown }[]> =>
  (await api.call('GET', `/v1/lists/${listId}/rows?limit=1000`, { key })).body.items;
const staged = async (): Promise<unknown[]> => api.admin('select 1 from import_staging');

describe('an import', () => {
  test('makes rows in the order of the file, attributes of its header and an identity of usual names', async () => {
    const { status, body } = await upload('\ufeffSymbol,Security,Web Site\nMMM,3M,"3m.com"\nAOS,"A. O.\nSmith",\n');
    expect(status).toBe(200);
    expect(body).toEqual({
      imported: 2,
      rejectedCount: 0,
      rejected: [],
      identity: { name: 'Security', domain: 'Web Site' },
    });
    expect((await rows()).map(({ position, entity }) => [position, entity])).toEqual([
      [0, { Symbol: 'MMM', Security: '3M', 'Web Site': '3m.com' }],
      [1, { Symbol: 'AOS', Security: 'A. O.\nSmith' }],
    ]);
    const list = (await api.call('GET', `/v1/lists/${listId}`, { key })).body;
    expect(list).toMatchObject({ attributes: ['Symbol', 'Security', 'Web Site'], rowCount: 2 });
    const corrected = await api.call('PATCH', `/v1/lists/${listId}`, { key, body: { identity: { name: 'symbol' } } });
    expect(corrected.body.identity).toEqual({ name: 'Symbol' });
    const unknown = await api.call('PATCH', `/v1/lists/${listId}`, { key, body: { identity: { email: 'mail' } } });
    expect(unknown).toMatchObject({ status: 422, body: { code: 'unknown_attribute' } });
  });

  test('rejects broken lines with their reason and takes the rest', async () => {
    const { body } = await upload('name,city\nA,B\nC\n"D"x,E\n,\nF,"G\nH,I\n');
    expect(body).toMatchObject({ imported: 2, rejectedCount: 4 });
    expect(body.rejected).toEqual([
      { line: 3, reason: 'Expected 2 fields, found 1' },
      { line: 4, reason: 'Text follows a closing quote' },
      { line: 5, reason: 'The line has no values' },
      { line: 6, reason: 'A quote is never closed' },
    ]);
    expect((await rows()).map(({ entity }) => entity)).toEqual([
      { name: 'A', city: 'B' },
      { name: 'H', city: 'I' },
    ]);
  });

  test('keeps an attribute whatever its name', async () => {
    await upload('name,__proto__\nA,B\n');
    expect((await rows()).map(({ entity }) => JSON.stringify(entity))).toEqual(['{"name":"A","__proto__":"B"}']);
  });

  test('goes behind the rows that are there, and a second one behind the first', async () => {
    await api.call('POST', `/v1/lists/${listId}/rows`, { key, body: { rows: [{ entity: { name: 'first' } }] } });
    await upload('name\nsecond\n');
    await upload('name\nthird\n');
    expect((await rows()).map(({ position, entity }) => [position, entity])).toEqual([
      [0, { name: 'first' }],
      [1, { name: 'second' }],
      [2, { name: 'third' }],
    ]);
  });

  test('of many lines arrives complete', async () => {
    const lines = Array.from({ length: 5_001 }, (_, no) => `Company ${no},${'x'.repeat(no % 50)}`);
    const { body } = await upload(`name,note\n${lines.join('\n')}\n`);
    expect(body).toMatchObject({ imported: 5_001, rejectedCount: 0 });
    const tail = await api.call('GET', `/v1/lists/${listId}/rows?fromPosition=5000`, { key });
    expect(tail.body).toMatchObject({ total: 5_001, nextCursor: null });
    expect(tail.body.items).toMatchObject([{ position: 5_000, entity: { name: 'Company 5000' } }]);
    expect(await staged()).toEqual([]);
  });

  test('whose transfer breaks off imports nothing', async () => {
    const { hostname, port } = new URL(api.url);
    const upload = request({
      hostname,
      port,
      method: 'POST',
      path: `/v1/lists/${listId}/import`,
      headers: { ...csv, authorization: `Bearer ${key}`, 'content-length': 10_000_000 },
    });
    upload.on('error', () => undefined);
    upload.write(`name\n${Array.from({ length: 4_500 }, (_, no) => `Company ${no}`).join('\n')}`);
    await waitUntil(async () => (await staged()).length > 0, { what: 'lines to be staged' });
    const closed = new Promise((resolve) => upload.on('close', resolve));
    upload.destroy();
    await closed;
    await waitUntil(async () => (await staged()).length === 0, { what: 'staged lines to be removed' });
    expect(await rows()).toEqual([]);
  });

  test('sent again with the same key answers the same and imports once', async () => {
    const headers = { 'idempotency-key': `import-${listId}` };
    const first = await upload('name\nA\n', headers);
    expect((await upload('name\nA\n', headers)).body).toEqual(first.body);
    expect(await rows()).toHaveLength(1);
    expect((await upload('name\nB\n', headers)).body.code).toBe('idempotency_key_reused');
    expect(await staged()).toEqual([]);
  });

  test.each([
    ['an empty file', '', 422],
    ['two columns of one name', 'a,a\n1,2\n', 422],
    ['more than 256 columns', Array.from({ length: 257 }, (_, no) => `c${no}`).join(','), 422],
    ['a cell of more than 64 KiB', `a\n${'x'.repeat(70_000)}\n`, 422],
    ['a line of more than 1 MiB', `a\n${'x'.repeat(1_100_000)}\n`, 413],
  ])('of %s is refused and imports nothing', async (_, text, status) => {
    expect((await upload(text)).status).toBe(status);
    expect(await rows()).toEqual([]);
    expect(await staged()).toEqual([]);
  });

  test.each([
    ['application/octet-stream', 'name\nA\n'],
    ['application/json', 'name\nA\n'],
    ['application/json', '{}'],
    ['application/json', 'x'.repeat(17_000_000)],
  ])('sent as %s is a 415 that says what to send', async (type, text) => {
    const { status, body } = await upload(text, { 'content-type': type });
    expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
    expect(body.detail).toContain('text/csv');
  });

  test('takes a file whose lines end in CR alone', async () => {
    const { body } = await upload('name,domain\rA,a.com\rB,b.com\r');
    expect(body).toMatchObject({ imported: 2, rejectedCount: 0, identity: { name: 'name', domain: 'domain' } });
    expect((await rows()).map(({ entity }) => entity)).toEqual([
      { name: 'A', domain: 'a.com' },
      { name: 'B', domain: 'b.com' },
    ]);
  });

  test.each([
    ['semicolons', 'name;domain\nA;a.com\n'],
    ['semicolons', '"name";"domain"\n"A";"a.com"\n'],
    ['tabs', 'name\tdomain\nA\ta.com\n'],
  ])('separated by %s is refused with a hint', async (separator, text) => {
    const { status, body } = await upload(text);
    expect([status, body.code]).toEqual([422, 'csv_delimiter']);
    expect(body.detail).toBe(`The header line looks separated by ${separator}. Save the file with commas.`);
    expect((await api.call('GET', `/v1/lists/${listId}`, { key })).body.attributes).toEqual([]);
  });

  test('of the sample companies finds their names', async () => {
    const sample = new URL('./fixtures/companies.csv', import.meta.url);
    const { body } = await upload(readFileSync(sample, 'utf8'));
    expect(body).toMatchObject({ imported: 3, rejectedCount: 0, identity: { name: 'Security' } });
  });
});

describe('an export', () => {
  test('has attributes and columns, safe for a spreadsheet', async () => {
    await upload('name,note,__proto__\n=cmd(),"a, b",own\nPlain,,\n');
    const column = await api.call('POST', `/v1/lists/${listId}/columns`, {
      key,
      body: { name: 'City', service: 'lookup', config: { attribute: 'city' } },
    });
    const [row] = (await api.call('GET', `/v1/lists/${listId}/rows`, { key })).body.items;
    const cell = `/v1/lists/${listId}/rows/${row.id}/cells/${column.body.id}`;
    await api.call('PUT', cell, { key, body: { value: '+41' } });
    const { status, headers, body } = await api.call('GET', `/v1/lists/${listId}/export.csv`, { key });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/csv');
    expect(body).toBe(`name,note,__proto__,City\r\n'=cmd(),"a, b",own,'+41\r\nPlain,,,\r\n`);
  });
});
