import { beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COLUMNS } from './documents.js';
import { runCli } from './run-cli.js';
import type { Run } from './run-cli.js';
import { useApi } from './use-api.js';

const { api, uno } = useApi((api) => {
  api.on('GET /v1/lists/lst_1/columns', { json: { items: COLUMNS, nextCursor: null } });
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

  describe('granted to a workspace by its id', () => {
    const grant = async (workspace: string): Promise<Run> => {
      const home = await mkdtemp(join(tmpdir(), 'uno-cli-'));
      const stack = { url: api.url, operatorKey: 'op', workspaceId: 'ws_1', billingUrl: api.url, billingKey: 'bill' };
      await writeFile(join(home, 'credentials.json'), JSON.stringify(stack));
      return runCli(['credits', 'grant', '1', '--workspace', workspace], { env: { UNO_HOME: home } });
    };

    test('reach it once the operator has seen that it exists', async () => {
      api.on('GET /internal/v1/workspaces/ws_2', { json: { id: 'ws_2', name: 'Beta' } });
      api.on('POST /v1/accounts/ws_2/grants', { status: 201, json: {} }).on('GET /v1/accounts/ws_2', { json: balance });
      expect(await grant('ws_2')).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('Granted 1 credit.\n'),
      });
      expect(api.received.map(({ headers }) => headers.authorization)).toEqual([
        'Bearer op',
        'Bearer bill',
        'Bearer bill',
      ]);
    });

    test.each(['nope', ''])('make no account for "%s", which is no workspace', async (workspace) => {
      const path = `/v1/accounts/${workspace}`;
      api.on(`POST ${path}/grants`, { status: 201, json: {} }).on(`GET ${path}`, { json: balance });
      expect(await grant(workspace)).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `error: There is no workspace "${workspace}".\n`,
      });
      expect(api.received.map(({ method }) => method)).toEqual(['GET']);
    });
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
