import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer } from './api-server.js';
import { LIST } from './documents.js';
import { runCli } from './run-cli.js';

const api = new ApiServer();
beforeAll(() => api.start());
afterAll(() => api.stop());
beforeEach(() => api.reset());

describe('a command line that is wrong', () => {
  test.each([
    [['fly'], "unknown command 'fly'"],
    [['fill'], "required option '--list <list>'"],
    [['jobs', 'show'], "missing required argument 'id'"],
    [['lists', '--colour'], "unknown option '--colour'"],
  ])('%j ends with 2 and says what is wrong', async (argv, message) => {
    const run = await runCli(argv);
    expect(run).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(run.stderr).toContain('--help');
  });

  test('is one document on stdout with --json', async () => {
    const run = await runCli(['fly', '--json']);
    expect(run.exitCode).toBe(2);
    expect(JSON.parse(run.stdout)).toEqual({ error: { code: 'usage', detail: expect.stringContaining('fly') } });
  });

  test('help is no failure and needs no credentials', async () => {
    const run = await runCli(['fill', '--help']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('--max-credits') });
  });
});

describe('an API that refuses', () => {
  const problem = {
    type: 'about:blank',
    title: 'Invalid',
    status: 422,
    code: 'invalid',
    detail: 'The config does not fit the service.',
    errors: [{ pointer: '/config/attribute', detail: 'must be one of industry, employees' }],
  };
  const addColumn = ['columns', 'add', '--list', 'lst_1', '--name', 'N', '--service', 'enrich', '--config', '{}'];
  const env = (): Record<string, string> => ({ UNO_URL: api.url, UNO_API_KEY: 'key' });
  beforeEach(() => {
    api.on('GET /v1/lists', { json: { items: [LIST], nextCursor: null } });
    api.on('POST /v1/lists/lst_1/columns', { status: 422, json: problem });
  });

  test('ends with 1, the detail and a line for every field', async () => {
    expect(await runCli(addColumn, { env: env() })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${problem.detail}\n  /config/attribute: must be one of industry, employees\n`,
    });
  });

  test.each([
    ['once, where a complaint about the whole request repeats it', problem.detail, ''],
    [
      'with the rest, where a complaint about the whole request adds to it',
      'It lacks an attribute.',
      '  It lacks an attribute.\n',
    ],
  ])('says the detail %s', async (_, detail, line) => {
    api.on('POST /v1/lists/lst_1/columns', { status: 422, json: { ...problem, errors: [{ pointer: '', detail }] } });
    expect((await runCli(addColumn, { env: env() })).stderr).toBe(`error: ${problem.detail}\n${line}`);
  });

  test('puts the problem on stdout with --json', async () => {
    const run = await runCli([...addColumn, '--json'], { env: env() });
    const { code, status, detail, errors } = problem;
    expect(JSON.parse(run.stdout)).toEqual({ error: { code, status, detail, errors } });
  });

  test('an answer that is no problem document is named by its status', async () => {
    api.on('GET /v1/credits', { status: 502, json: 'bad gateway' });
    const run = await runCli(['credits'], { env: env() });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('502') });
  });
});

describe('a server that is down', () => {
  test('is one line that says what to start', async () => {
    const gone = new ApiServer();
    await gone.start();
    const { url } = gone;
    await gone.stop();
    const run = await runCli(['lists', 'list'], { env: { UNO_URL: `${url}/`, UNO_API_KEY: 'key' } });
    expect(run).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: Nothing answers at ${url}. Start the local stack with: npm start\n`,
    });
  });
});

describe('credentials', () => {
  test('are found in .uno/credentials.json of a folder above', async () => {
    const top = await mkdtemp(join(tmpdir(), 'uno-cli-'));
    const below = join(top, 'a', 'b');
    await mkdir(below, { recursive: true });
    await mkdir(join(top, '.uno'));
    await writeFile(join(top, '.uno', 'credentials.json'), JSON.stringify({ url: api.url, apiKey: 'from-file' }));
    api.on('GET /v1/lists', { json: { items: [], nextCursor: null } });
    const run = await runCli(['lists'], { cwd: below });
    expect(run).toMatchObject({ exitCode: 0, stdout: 'There are no lists yet.\n' });
    expect(api.received[0]?.headers.authorization).toBe('Bearer from-file');
  });

  test('from the environment win over the file', async () => {
    const home = await mkdtemp(join(tmpdir(), 'uno-cli-'));
    await writeFile(join(home, 'credentials.json'), JSON.stringify({ url: api.url, apiKey: 'from-file' }));
    api.on('GET /v1/lists', { json: { items: [], nextCursor: null } });
    await runCli(['lists'], { env: { UNO_HOME: home, UNO_API_KEY: 'from-environment' } });
    expect(api.received[0]?.headers.authorization).toBe('Bearer from-environment');
  });

  test('that are nowhere are one line that says how to get them', async () => {
    const run = await runCli(['lists'], { cwd: tmpdir() });
    expect(run).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: .*npm start.*UNO_API_KEY.*\n$/),
    });
  });
});
