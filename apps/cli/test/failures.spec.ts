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
    [['jobs', 'show', ''], 'It is empty'],
    [['fill', '--list', 'L', '--max-credits', '-1'], 'It must be a whole number from 0.'],
    [['fill', '--list', 'L', '--max-credits', '0x10'], 'It must be a whole number from 0.'],
    [['jobs', 'list', '--limit', '0'], 'It must be a whole number from 1.'],
    [['fill', '--list', 'L', '--max-credits', '99999999999999999999'], 'That is too large.'],
  ])('%j ends with 2 and says what is wrong', async (argv, message) => {
    const run = await runCli(argv);
    expect(run).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(run.stderr).toContain('--help');
  });

  test.each([
    [
      ['jobs', 'pause', 'job_1'],
      'There is no "uno jobs pause". There is list, show, cancel, compensate, effects, books.',
    ],
    [['credits', '5'], 'There is no "uno credits 5". There is show, grant.'],
    [['fill', '--list', 'L', '--scope', 'all', '--row', 'row_1'], '--row and --scope all contradict each other.'],
    [['fill', '--list', 'L', '--scope', 'rows'], 'Say which rows: --row <id>, repeatable.'],
  ])('%j ends with 2 and one line', async (argv, message) => {
    expect(await runCli(argv)).toEqual({ exitCode: 2, stdout: '', stderr: `error: ${message}\n` });
  });

  test('without any command is explained in a document with --json', async () => {
    const { exitCode, stdout } = await runCli(['--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'usage', detail: 'Name a command; --help shows them.' } });
  });

  test('is one document on stdout with --json', async () => {
    const run = await runCli(['fly', '--json']);
    expect(run.exitCode).toBe(2);
    expect(JSON.parse(run.stdout)).toEqual({
      error: { code: 'usage', detail: expect.stringMatching(/^unknown command 'fly'/) },
    });
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
    api.on('GET /v1/services', { json: { items: [{ id: 'enrich', title: 'Company data' }] } });
    api.on('POST /v1/lists/lst_1/columns', { status: 422, json: problem });
  });

  test('a key that it does not know is named by where it is from', async () => {
    const detail = 'Send a valid key.';
    api.on('GET /v1/lists', {
      status: 401,
      json: { ...problem, status: 401, code: 'unauthorized', detail, errors: [] },
    });
    expect((await runCli(['lists'], { env: env() })).stderr).toBe(`error: ${detail} Check UNO_API_KEY.\n`);
    const home = await mkdtemp(join(tmpdir(), 'uno-cli-'));
    await writeFile(join(home, 'credentials.json'), JSON.stringify({ url: api.url, apiKey: 'old' }));
    const { stderr } = await runCli(['lists'], { env: { UNO_HOME: home } });
    expect(stderr).toBe(`error: ${detail} The key is from ${home}/credentials.json: is it of the stack that runs?\n`);
  });

  test('a job that is not there is named, with the command that shows the others', async () => {
    const run = await runCli(['jobs', 'show', 'job_9'], { env: env() });
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: 'error: There is no job "job_9". See the latest with: uno jobs list\n',
    });
  });

  test('a service that is not there is named with those that are, and no column is asked for', async () => {
    const add = ['columns', 'add', '--list', 'lst_1', '--name', 'N', '--service', 'enrih', '--config', '{}'];
    const run = await runCli(add, { env: env() });
    expect(run).toMatchObject({ exitCode: 1, stderr: 'error: There is no service "enrih". There is "enrich".\n' });
    expect(api.requests('POST /v1/lists/lst_1/columns')).toEqual([]);
  });

  test('a page where the API should be is said to be one', async () => {
    api.on('GET /v1/lists', { text: '<!doctype html>', contentType: 'text/html; charset=utf-8' });
    const run = await runCli(['lists'], { env: env() });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^error: .* is a page, not the API.*\n$/) });
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

  test('names the field where the complaint about it is the message', async () => {
    const detail = 'There is no attribute or column "Sector". There is "Security".';
    const errors = [{ pointer: '/config/map/industry', detail }];
    api.on('POST /v1/lists/lst_1/columns', { status: 422, json: { ...problem, detail, errors } });
    expect((await runCli(addColumn, { env: env() })).stderr).toBe(`error: ${detail}\n  at /config/map/industry\n`);
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

  test.each([
    [{ UNO_URL: 'localhost:3000', UNO_API_KEY: 'key' }, '"localhost:3000" is no address of a server.'],
    [{ UNO_URL: 'nowhere', UNO_API_KEY: 'key' }, '"nowhere" is no address of a server.'],
    [{ UNO_URL: 'http://localhost:1', UNO_API_KEY: 'a\nb' }, 'has characters that no key has. Check UNO_API_KEY.'],
    [{ UNO_URL: 'http://localhost:1', UNO_API_KEY: 'ключ' }, 'has characters that no key has. Check UNO_API_KEY.'],
    [{ UNO_URL: 'http://localhost:1', UNO_API_KEY: '' }, 'No API key is known.'],
  ])('%j are refused in one line before anybody is asked', async (env, message) => {
    const run = await runCli(['lists'], { env, cwd: tmpdir() });
    expect(run).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringMatching(/^error: [^\n]+\n$/) });
    expect(run.stderr).toContain(message);
  });

  test.each(['{', 'null', '[1]', '{"url":1,"apiKey":2}'])('%s in the file are one line', async (content) => {
    const home = await mkdtemp(join(tmpdir(), 'uno-cli-'));
    await writeFile(join(home, 'credentials.json'), content);
    const run = await runCli(['lists'], { env: { UNO_HOME: home } });
    expect(run.stderr).toMatch(/^error: \S+ cannot be read as the credentials of a stack\. [^\n]+\n$/);
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
