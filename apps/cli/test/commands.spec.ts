import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer } from './api-server.js';
import { COLUMNS, LIST } from './documents.js';
import { runCli } from './run-cli.js';
import type { Run } from './run-cli.js';

const api = new ApiServer();
beforeAll(() => api.start());
afterAll(() => api.stop());
beforeEach(() => {
  api.reset();
  api.on('GET /v1/lists', { json: { items: [LIST], nextCursor: null } });
  api.on('GET /v1/lists/lst_1/columns', { json: { items: COLUMNS, nextCursor: null } });
});

const uno = (...argv: string[]): Promise<Run> => runCli(argv, { env: { UNO_URL: api.url, UNO_API_KEY: 'key' } });

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
    expect(run).toMatchObject({ exitCode: 2, stderr: 'error: The file missing.csv cannot be read.\n' });
    expect(api.received).toEqual([]);
  });
});

describe('columns', () => {
  test('add finds the list by its title and sends the config as JSON', async () => {
    api.on('POST /v1/lists/lst_1/columns', { status: 201, json: COLUMNS[0] });
    const config = '{"attribute":"industry"}';
    const run = await uno(
      'columns',
      'add',
      '--list',
      'companies',
      '--name',
      'Industry',
      '--service',
      'enrich',
      '--config',
      config,
    );
    expect(run).toEqual({ exitCode: 0, stdout: 'col_1  Industry\n', stderr: '' });
    const [sent] = api.requests('POST /v1/lists/lst_1/columns');
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      name: 'Industry',
      service: 'enrich',
      config: { attribute: 'industry' },
    });
    expect(sent?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each(['{oops', '[1]', 'null'])('the config %s is a usage error and asks nobody', async (config) => {
    const run = await uno('columns', 'add', '--list', 'L', '--name', 'N', '--service', 'enrich', '--config', config);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("option '--config <json>'");
    expect(api.received).toEqual([]);
  });

  test('list shows id, title, service and config', async () => {
    const run = await uno('columns', 'list', '--list', 'lst_1');
    expect(run.stdout.split('\n')[1]).toBe('col_1  Industry   enrich   {"attribute":"industry"}');
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

describe('rows', () => {
  test('show who a row is, its values, and the state of cells without one', async () => {
    const cells = { col_1: { status: 'filled', value: 'Robotics' }, col_2: { status: 'not_found', value: null } };
    const row = { id: 'row_1', position: 0, entity: { Security: 'Acme', Sector: 'x' }, cells };
    api.on('GET /v1/lists/lst_1/rows', { json: { items: [row], nextCursor: 'more', total: 10 } });
    const run = await uno('rows', '--list', 'companies', '--limit', '1');
    expect(run.stdout).toBe('#  SECURITY  INDUSTRY  EMPLOYEES\n1  Acme      Robotics  (not found)\n… 9 more\n');
    expect(api.requests('GET /v1/lists/lst_1/rows')[0]?.query.get('limit')).toBe('1');
  });
});

describe('export', () => {
  const csv = 'Security,Industry\r\nAcme,Robotics\r\n';
  beforeEach(() => void api.on('GET /v1/lists/lst_1/export.csv', { text: csv }));

  test('writes the CSV and nothing else to stdout', async () => {
    expect(await uno('export', '--list', 'companies')).toEqual({ exitCode: 0, stdout: csv, stderr: '' });
  });

  test('writes into a file, named from where the person called npm', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'uno-cli-'));
    const env = { UNO_URL: api.url, UNO_API_KEY: 'key', npm_lifecycle_event: 'uno', INIT_CWD: folder };
    const run = await runCli(['export', '--list', 'companies', '--out', 'grid.csv', '--json'], { env });
    expect(JSON.parse(run.stdout)).toEqual({ listId: 'lst_1', file: join(folder, 'grid.csv') });
    expect(await readFile(join(folder, 'grid.csv'), 'utf8')).toBe(csv);
  });

  test('refuses to mix CSV with a document', async () => {
    expect(await uno('export', '--list', 'companies', '--json')).toMatchObject({ exitCode: 2 });
  });
});

describe('services', () => {
  test('show price and whether their workers are online', async () => {
    const service = { id: 'enrich', title: 'Enrich', returns: 'text or number', price: 1, online: false };
    api.on('GET /v1/services', { json: { items: [service], nextCursor: null } });
    expect((await uno('services')).stdout).toContain('enrich  Enrich  1        text or number  offline');
  });
});

describe('credits', () => {
  const balance = { granted: 2000, available: 1500, held: 100, spent: 400 };

  test('show what is available, held and spent', async () => {
    api.on('GET /v1/credits', { json: balance });
    expect((await uno('credits')).stdout).toBe('Available 1,500 · held 100 · spent 400 · granted 2,000\n');
    expect(JSON.parse((await uno('credits', '--json')).stdout)).toEqual(balance);
  });

  test('grant goes to billing with the key of the local stack', async () => {
    const home = await mkdtemp(join(tmpdir(), 'uno-cli-'));
    const stack = {
      url: 'http://127.0.0.1:9',
      apiKey: 'k',
      workspaceId: 'ws_1',
      billingUrl: api.url,
      billingKey: 'bill',
    };
    await writeFile(join(home, 'credentials.json'), JSON.stringify(stack));
    api.on('POST /v1/accounts/ws_1/grants', { status: 201, json: {} }).on('GET /v1/accounts/ws_1', { json: balance });
    const run = await runCli(['credits', 'grant', '1000'], { env: { UNO_HOME: home } });
    expect(run).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Granted 1,000 credits.\nAvailable 1,500'),
    });
    const [sent] = api.requests('POST /v1/accounts/ws_1/grants');
    expect(sent?.headers.authorization).toBe('Bearer bill');
    expect(JSON.parse(sent?.body ?? '')).toEqual({ amount: 1000 });
  });

  test.each(['0', '-5', '1.5', 'many'])('a grant of %s is a usage error', async (amount) => {
    expect((await uno('credits', 'grant', '--', amount)).exitCode).toBe(2);
  });
});

describe('workspaces create', () => {
  test('shows the id and the key of the new workspace', async () => {
    const home = await mkdtemp(join(tmpdir(), 'uno-cli-'));
    await writeFile(join(home, 'credentials.json'), JSON.stringify({ url: api.url, apiKey: 'k', operatorKey: 'op' }));
    api.on('POST /internal/v1/workspaces', { status: 201, json: { id: 'ws_2', apiKey: 'uno_secret' } });
    const run = await runCli(['workspaces', 'create', '--name', 'Beta', '--json'], { env: { UNO_HOME: home } });
    expect(JSON.parse(run.stdout)).toEqual({ id: 'ws_2', apiKey: 'uno_secret' });
    expect(api.received[0]?.headers.authorization).toBe('Bearer op');
  });

  test('without a local stack it says what it needs', async () => {
    const run = await uno('workspaces', 'create', '--name', 'Beta');
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('npm start') });
  });
});

describe('stack', () => {
  test('says what to start when nothing runs', async () => {
    const home = await mkdtemp(join(tmpdir(), 'uno-cli-'));
    const run = await runCli(['stack'], { env: { UNO_HOME: home } });
    expect(run).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: No local stack is running. Start it with: npm start\n',
    });
  });
});
