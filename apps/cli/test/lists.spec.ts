import { beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIST } from './documents.js';
import { runCli } from './run-cli.js';
import type { Run } from './run-cli.js';
import { useApi } from './use-api.js';

const { api, uno } = useApi();

describe('lists import', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'uno-cli-'));
    await writeFile(join(folder, 'companies.csv'), 'Security,Domain\nAcme,acme.example\n');
  });

  const report = {
    imported: 1,
    rejectedCount: 1,
    rejected: [{ line: 3, reason: 'too many fields' }],
    identity: { name: 'Security' },
  };
  const importFile = (...more: string[]): Promise<Run> =>
    runCli(['lists', 'import', 'companies.csv', '--name', 'Companies', ...more], {
      env: { UNO_URL: api.url, UNO_API_KEY: 'key' },
      cwd: folder,
    });

  test('makes the list and streams the file to it, chunk by chunk', async () => {
    api.on('POST /v1/lists', { status: 201, json: LIST }).on('POST /v1/lists/lst_1/import', { json: report });
    const run = await importFile('--type', 'contact');
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain('Imported 1 row, rejected 1.\n  line 3: too many fields');
    expect(run.stdout).toContain('Identity: name = Security');
    expect(JSON.parse(api.requests('POST /v1/lists')[0]?.body ?? '')).toEqual({
      name: 'Companies',
      entityType: 'contact',
    });
    const [sent] = api.requests('POST /v1/lists/lst_1/import');
    expect(sent?.headers).toMatchObject({
      'content-type': 'text/csv',
      'transfer-encoding': 'chunked',
      authorization: 'Bearer key',
    });
    expect(sent?.body).toBe('Security,Domain\nAcme,acme.example\n');
  });

  test('calls the list like the file where no name is given', async () => {
    api.on('POST /v1/lists', { status: 201, json: LIST }).on('POST /v1/lists/lst_1/import', { json: report });
    const run = await runCli(['lists', 'import', './companies.csv', '--type', 'contact'], {
      env: { UNO_URL: api.url, UNO_API_KEY: 'key' },
      cwd: folder,
    });
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(api.requests('POST /v1/lists')[0]?.body ?? '')).toEqual({
      name: 'companies',
      entityType: 'contact',
    });
  });

  test('answers list and report as one document with --json', async () => {
    api.on('POST /v1/lists', { status: 201, json: LIST }).on('POST /v1/lists/lst_1/import', { json: report });
    const run = await importFile('--json');
    expect(JSON.parse(run.stdout)).toEqual({ ...LIST, ...report });
  });

  test('takes the empty list away again when the file is refused', async () => {
    const problem = { status: 422, code: 'no_header', title: 'Refused', detail: 'The file has no header.' };
    api.on('POST /v1/lists', { status: 201, json: LIST });
    api.on('POST /v1/lists/lst_1/import', { status: 422, json: problem }).on('DELETE /v1/lists/lst_1', { status: 204 });
    expect(await importFile()).toEqual({ exitCode: 1, stdout: '', stderr: 'error: The file has no header.\n' });
    expect(api.requests('DELETE /v1/lists/lst_1')).toHaveLength(1);
  });

  test('a file that is not there is a usage error and makes no list', async () => {
    const run = await uno('lists', 'import', 'missing.csv', '--name', 'Companies');
    expect(run).toMatchObject({
      exitCode: 2,
      stderr: 'error: There is no file missing.csv (looked for /missing.csv).\n',
    });
    expect(api.received).toEqual([]);
  });

  test('an empty file name is a usage error and makes no list', async () => {
    const run = await uno('lists', 'import', '', '--name', 'Companies');
    expect(run).toMatchObject({ exitCode: 2, stderr: 'error: Name the CSV file.\n' });
    expect(api.received).toEqual([]);
  });

  test.each([
    ['has no rows', 0, [], 'The file has a header line and no rows. Nothing was imported.'],
    [
      'has no line that can be read',
      2,
      [{ line: 2, reason: 'The line is not valid UTF-8' }],
      'No line became a row, 2 rejected; line 2: The line is not valid UTF-8. Nothing was imported.',
    ],
  ])('fails and takes the empty list away when the file %s', async (_, rejectedCount, rejected, message) => {
    api.on('POST /v1/lists', { status: 201, json: LIST }).on('DELETE /v1/lists/lst_1', { status: 204 });
    api.on('POST /v1/lists/lst_1/import', { json: { imported: 0, rejectedCount, rejected, identity: {} } });
    expect(await importFile()).toEqual({ exitCode: 1, stdout: '', stderr: `error: ${message}\n` });
    expect(api.requests('DELETE /v1/lists/lst_1')).toHaveLength(1);
  });

  test('stops on Ctrl-C and takes the list away', async () => {
    const interruption = new AbortController();
    api.on('POST /v1/lists', { status: 201, json: LIST }).on('DELETE /v1/lists/lst_1', { status: 204 });
    api.on('POST /v1/lists/lst_1/import', () => {
      interruption.abort();
      return 'never';
    });
    const run = await runCli(['lists', 'import', 'companies.csv', '--name', 'Companies'], {
      env: { UNO_URL: api.url, UNO_API_KEY: 'key' },
      cwd: folder,
      interrupted: interruption.signal,
    });
    expect(run).toEqual({ exitCode: 130, stdout: '', stderr: 'error: Stopped. Nothing was imported.\n' });
    expect(api.requests('DELETE /v1/lists/lst_1')).toHaveLength(1);
  });

  test('a directory is a usage error and makes no list', async () => {
    const run = await uno('lists', 'import', folder, '--name', 'Companies');
    expect(run).toMatchObject({ exitCode: 2, stderr: `error: ${folder} is a directory, not a file.\n` });
    expect(api.received).toEqual([]);
  });

  test('names the command that sets an identity which was not recognised', async () => {
    api.on('POST /v1/lists', { status: 201, json: LIST });
    api.on('POST /v1/lists/lst_1/import', { json: { ...report, identity: {} } });
    const { stdout } = await importFile();
    expect(stdout).toContain('set it before you add a column: uno lists identity lst_1 --name ATTRIBUTE\n');
  });
});

describe('lists identity', () => {
  const changed = (): unknown => JSON.parse(api.requests('PATCH /v1/lists/lst_1')[0]?.body ?? 'null');
  const identity = { name: 'Security', domain: 'Website' };

  test('shows the identity and what it could be made of, and changes nothing', async () => {
    const run = await uno('lists', 'identity', 'companies');
    expect(run).toEqual({
      exitCode: 0,
      stdout: 'lst_1  Companies\nIdentity: name = Security\nAttributes: Security, Sector\n',
      stderr: '',
    });
    expect(api.requests('PATCH /v1/lists/lst_1')).toEqual([]);
  });

  test('names itself where a list has no identity yet', async () => {
    api.on('GET /v1/lists', { json: { items: [{ ...LIST, identity: {} }], nextCursor: null } });
    const { stdout } = await uno('lists', 'identity', 'lst_1');
    expect(stdout).toContain(
      'No attribute is the identity yet; set it with: uno lists identity lst_1 --name ATTRIBUTE',
    );
  });

  test('sets what is named and keeps the rest', async () => {
    api.on('PATCH /v1/lists/lst_1', { json: { ...LIST, identity } });
    const run = await uno('lists', 'identity', 'Companies', '--domain', 'Website');
    expect(run).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Identity: name = Security, domain = Website'),
    });
    expect(changed()).toEqual({ identity });
  });

  test('takes away what is named with an empty attribute', async () => {
    api.on('PATCH /v1/lists/lst_1', { json: { ...LIST, identity: { email: 'Mail' } } });
    await uno('lists', 'identity', 'lst_1', '--name', '', '--email', 'Mail');
    expect(changed()).toEqual({ identity: { email: 'Mail' } });
  });

  test('answers the list as one document with --json', async () => {
    api.on('PATCH /v1/lists/lst_1', { json: { ...LIST, identity } });
    const run = await uno('lists', 'identity', 'lst_1', '--domain', 'Website', '--json');
    expect(JSON.parse(run.stdout)).toEqual({ ...LIST, identity });
  });
});

describe('lists list', () => {
  test('follows the cursor to the end', async () => {
    const second = { ...LIST, id: 'lst_2', name: 'Contacts' };
    api.on('GET /v1/lists', ({ query }) =>
      query.get('cursor') === 'next'
        ? { json: { items: [second], nextCursor: null } }
        : { json: { items: [LIST], nextCursor: 'next' } },
    );
    expect(JSON.parse((await uno('lists', 'list', '--json')).stdout)).toEqual([LIST, second]);
  });
});
