import { once } from 'node:events';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
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

const upload = (file: string | Uint8Array<ArrayBuffer>, headers = {}): Promise<Reply> =>
  api.call('POST', `/v1/lists/${listId}/import`, {
    key,
    raw: file,
    headers: { 'content-type': 'text/csv', ...headers },
  });
const latin1 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'latin1'));
const utf16 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'utf16le'));
const bytes = (...parts: (string | number[])[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))));

const rows = async (): Promise<unknown[]> =>
  (await api.call('GET', `/v1/lists/${listId}/rows?limit=1000`, { key })).body.items.map(
    (row: { entity: unknown }) => row.entity,
  );
const staged = async (): Promise<unknown[]> => api.admin('select 1 from import_staging');

/** Nothing of a file that was refused is there: no row, no staged line, no attribute. */
async function expectNoTrace(): Promise<void> {
  expect(await rows()).toEqual([]);
  await waitUntil(async () => (await staged()).length === 0, { what: 'staged lines to be removed' });
  expect((await api.call('GET', `/v1/lists/${listId}`, { key })).body).toMatchObject({ attributes: [], identity: {} });
}

describe('a file in another encoding', () => {
  test.each([
    [
      'UTF-16 with its mark',
      utf16('\ufeffname\nA\n'),
      'The file is UTF-16. Save it as UTF-8 (spreadsheets call that "CSV UTF-8").',
    ],
    [
      'UTF-16 with the other mark',
      new Uint8Array(Buffer.from('\ufeffname\n', 'utf16le').swap16()),
      'The file is UTF-16. Save it as UTF-8 (spreadsheets call that "CSV UTF-8").',
    ],
    ['UTF-16 without a mark', utf16('name\nA\n'), 'Line 1: The line has a NUL character. Save the file as UTF-8.'],
    ['Latin-1 in its header', latin1('naïve\nA\n'), 'Line 1: The line is not valid UTF-8. Save the file as UTF-8.'],
  ])('%s is refused with what to do', async (_, file, detail) => {
    expect(await upload(file)).toMatchObject({ status: 422, body: { code: 'csv_encoding', detail } });
    await expectNoTrace();
  });

  test('Latin-1 in every line imports nothing and leaves no attribute', async () => {
    const { status, body } = await upload(latin1('name,city\nCaf\u00e9,Z\u00fcrich\nM\u00fcller,K\u00f6ln\n'));
    expect([status, body.imported, body.rejectedCount, body.identity]).toEqual([200, 0, 2, {}]);
    expect(body.rejected[0]).toEqual({ line: 2, reason: 'The line is not valid UTF-8' });
    await expectNoTrace();
  });

  test('in the middle costs those lines only', async () => {
    const { body } = await upload(bytes('name\nA\n', [0xc3, 0x28], '\nB\n', [0xed, 0xa0, 0x80], '\nC\n', [0xff]));
    expect(body).toMatchObject({ imported: 3, rejectedCount: 3 });
    expect(body.rejected.map(({ line }: { line: number }) => line)).toEqual([3, 5, 7]);
    expect(await rows()).toEqual([{ name: 'A' }, { name: 'B' }, { name: 'C' }]);
  });

  test.each(['text/csv; charset=utf-16', 'text/csv;charset="ISO-8859-1"'])('declared as %s is a 415', async (type) => {
    expect(await upload('name\nA\n', { 'content-type': type })).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type', detail: 'Send the file as text/csv in UTF-8, not compressed.' },
    });
    await expectNoTrace();
  });

  test('declared as UTF-8 is taken', async () => {
    expect((await upload('name\nA\n', { 'content-type': 'Text/CSV; Charset="UTF-8"; header=present' })).status).toBe(
      200,
    );
  });
});

describe('what is no CSV file', () => {
  test.each([
    ['a workbook', bytes([0x50, 0x4b, 0x03, 0x04], '\u0014\u0000')],
    ['an old workbook', bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1])],
    ['a PDF', bytes('%PDF-1.7\n1,2\n')],
    ['a compressed file', new Uint8Array(gzipSync('name\nA\n'))],
  ])('%s is told what it is', async (_, file) => {
    const { status, body } = await upload(file);
    expect([status, body.code]).toEqual([422, 'not_csv']);
    expect(body.detail).toMatch(/^The file is .* Save it as CSV first\.$/);
    await expectNoTrace();
  });

  test.each([
    ['only blank lines', '\n\r\n  \n', 'empty_file', 'The file has no header line.'],
    ['a name twice', 'name,city,name\nA,B,C\n', 'invalid_header', 'Line 1: The name "name" stands there twice.'],
    [
      'a quote in its header that is never closed',
      '"name,city\nA,B\n',
      'invalid_header',
      'Line 1: A quote is never closed',
    ],
    ['257 columns', Array(257).fill('').join(','), 'too_many_columns', 'A file has at most 256 columns.'],
  ])('a file with %s is refused', async (_, file, code, detail) => {
    expect(await upload(file)).toMatchObject({ status: 422, body: { code, detail } });
    await expectNoTrace();
  });

  test('a header alone imports nothing and leaves no attribute', async () => {
    expect(await upload('name,city\n')).toMatchObject({ status: 200, body: { imported: 0, rejectedCount: 0 } });
    await expectNoTrace();
  });
});

test('256 columns, names left out and formulas are taken as they are', async () => {
  const names = Array.from({ length: 256 }, (_, no) => (no === 1 ? '' : `c${no}`));
  const cells = names.map((_, no) => ['=1+1', '+2', '-3', '@x', 'a;b', '\u0022q\u0022'][no % 6] ?? '');
  const line = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
  expect(await upload(`${names.join(',')}\n${line}\n`)).toMatchObject({ status: 200, body: { imported: 1 } });
  const [entity] = (await rows()) as Record<string, string>[];
  expect(Object.keys(entity ?? {})).toHaveLength(256);
  expect(entity).toMatchObject({ c0: '=1+1', 'Column 2': '+2', c2: '-3', c3: '@x', c5: '"q"' });
  const { body } = await api.call('GET', `/v1/lists/${listId}/export.csv`, { key });
  expect(body.split('\r\n')[1]).toMatch(/^'=1\+1,'\+2,-3,'@x,a;b,"""q""",'=1\+1/);
});

test('a broken line among good ones is named with its number, the first hundred of them', async () => {
  const lines = Array.from({ length: 300 }, (_, no) => (no % 2 === 0 ? `Company ${no},x` : `too,many,${no}`));
  const { body } = await upload(`name,city\n${lines.join('\n')}\n"NUL\u0000",x`);
  expect(body).toMatchObject({ imported: 150, rejectedCount: 151 });
  expect(body.rejected).toHaveLength(100);
  expect(body.rejected[0]).toEqual({ line: 3, reason: 'Expected 2 fields, found 3' });
});

describe('a transfer', () => {
  /** Opens an upload and leaves it to the test to go on with it. */
  function open(headers: Record<string, string | number> = {}): {
    sent: ClientRequest;
    answer: Promise<[number, Problem]>;
  } {
    const { hostname, port } = new URL(api.url);
    const path = `/v1/lists/${listId}/import`;
    const all = { 'content-type': 'text/csv', authorization: `Bearer ${key}`, ...headers };
    const sent = request({ hostname, port, method: 'POST', path, headers: all });
    const answer = once(sent, 'response').then(async ([response]: IncomingMessage[]): Promise<[number, Problem]> => {
      const chunks: Buffer[] = [];
      for await (const chunk of response ?? []) chunks.push(chunk as Buffer);
      return [response?.statusCode ?? 0, JSON.parse(Buffer.concat(chunks).toString()) as Problem];
    });
    return { sent, answer };
  }
  type Problem = Readonly<{ code?: string; detail?: string; imported?: number }>;

  test('of more than 1 GiB is refused before it comes', async () => {
    const { sent, answer } = open({ 'content-length': 1024 ** 3 + 1 });
    sent.on('error', () => undefined);
    sent.flushHeaders();
    expect(await answer).toMatchObject([413, { code: 'file_too_large', detail: 'A file has at most 1 GiB.' }]);
    sent.destroy();
    await expectNoTrace();
  });

  test('in chunks of unknown length is taken', async () => {
    const { sent, answer } = open();
    for (const part of ['na', 'me\n"A', '\n', 'B"\r', '\nC']) {
      sent.write(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    sent.end();
    expect(await answer).toMatchObject([200, { imported: 2 }]);
    expect(await rows()).toEqual([{ name: 'A\nB' }, { name: 'C' }]);
  });

  test.each([
    ['a line that is too long', `name\n${'x'.repeat(1_100_000)}`, 413, 'line_too_large', 'Line 2 has more than 1 MiB.'],
    [
      'a cell that is too long',
      `name\nA\n${'x'.repeat(70_000)}\n`,
      422,
      'cell_too_large',
      'Line 3 has a cell of more than 64 KiB.',
    ],
    [
      'a wrong header',
      'name;city\n',
      422,
      'csv_delimiter',
      'The header line looks separated by semicolons. Save the file with commas.',
    ],
  ])('with %s is answered although much of it is still to come', async (_, text, status, code, detail) => {
    const rest = Buffer.alloc(32 * 1024 * 1024, 'A company\n');
    const { sent, answer } = open({ 'content-length': text.length + rest.length });
    sent.write(text);
    sent.end(rest);
    expect(await answer).toMatchObject([status, { code, detail }]);
    await expectNoTrace();
  });

  test('in chunks that breaks off in the middle imports nothing', async () => {
    const { sent, answer } = open();
    answer.catch(() => undefined);
    sent.write(`name\n${Array.from({ length: 4_500 }, (_, no) => `Company ${no}`).join('\n')}`);
    await waitUntil(async () => (await staged()).length > 0, { what: 'lines to be staged' });
    sent.destroy();
    await expectNoTrace();
  });
});

test('imports into one list at once, and rows added meanwhile, stand in order without gap or double', async () => {
  const file = (name: string): string =>
    `name\n${Array.from({ length: 3_000 }, (_, no) => `${name} ${no}`).join('\n')}\n`;
  const added = { rows: [{ entity: { name: 'added' } }] };
  const replies = await Promise.all([
    upload(file('A')),
    upload(file('B')),
    api.call('POST', `/v1/lists/${listId}/rows`, { key, body: added }),
    upload(file('C')),
  ]);
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 201, 200]);
  const found = await api.admin<{ row_no: number; name: string }>(
    `select row_no, entity ->> 'name' as name from list_row where list_id = $1 order by row_no`,
    [listId],
  );
  expect(found.map(({ row_no }) => row_no)).toEqual(Array.from({ length: 9_001 }, (_, no) => no + 1));
  for (const letter of ['A', 'B', 'C']) {
    const places = found.flatMap(({ name }, place) => (name.startsWith(`${letter} `) ? [place] : []));
    expect(places.map((place) => found[place]?.name)).toEqual(
      Array.from({ length: 3_000 }, (_, no) => `${letter} ${no}`),
    );
    expect((places.at(-1) ?? 0) - (places[0] ?? 0)).toBe(2_999);
  }
});

test('an import into a list that a job works on goes behind the rows of the job', async () => {
  await upload('name\nA\nB\n');
  const column = { name: 'City', service: 'lookup', config: { attribute: 'city' } };
  const { body: made } = await api.call('POST', `/v1/lists/${listId}/columns`, { key, body: column });
  const started = await api.call('POST', `/v1/lists/${listId}/jobs`, {
    key,
    body: { columnIds: [made.id], scope: { type: 'all' } },
  });
  expect(started.status).toBe(202);
  expect(await upload('name\nC\n')).toMatchObject({ status: 200, body: { imported: 1 } });
  expect(await rows()).toEqual([{ name: 'A' }, { name: 'B' }, { name: 'C' }]);
  const job = await api.call('GET', `/v1/jobs/${started.body.id}`, { key });
  expect(job.body.totals.cells).toBe(2);
});
