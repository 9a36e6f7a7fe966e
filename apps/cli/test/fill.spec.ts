import { describe, expect, test } from '@jest/globals';
import { Server as LiveServer } from 'socket.io';
import { CLOSED_BOOKS, COLUMNS, job, OPEN_BOOKS } from './documents.js';
import { runCli } from './run-cli.js';
import type { Run } from './run-cli.js';
import { useApi } from './use-api.js';

const { api, uno } = useApi((api) => {
  api.on('GET /v1/lists/lst_1/columns', { json: { items: COLUMNS, nextCursor: null } });
  api.on('POST /v1/lists/lst_1/jobs', { status: 202, json: job('accepted', 0) });
  api.on('GET /v1/jobs/job_1/books', { json: CLOSED_BOOKS });
});
const startedWith = (): unknown => JSON.parse(api.requests('POST /v1/lists/lst_1/jobs')[0]?.body ?? 'null');

describe('fill', () => {
  test('starts a job over the named columns, by title or id, each once, and does not wait', async () => {
    const run = await uno(
      'fill',
      '--list',
      'COMPANIES',
      '--column',
      'industry',
      '--column',
      'col_1',
      '--max-credits',
      '7',
    );
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('job_1  accepted') });
    expect(startedWith()).toEqual({ columnIds: ['col_1'], scope: { type: 'missing' }, maxCredits: 7 });
  });

  test('takes a ceiling of no credits at all, as the API does', async () => {
    expect(await uno('fill', '--list', 'lst_1', '--column', 'col_1', '--max-credits', '0')).toMatchObject({
      exitCode: 0,
    });
    expect(startedWith()).toMatchObject({ maxCredits: 0 });
  });

  test('takes all columns where none is named, and rows by their ids', async () => {
    await uno('fill', '--list', 'lst_1', '--scope', 'rows', '--row', 'row_1', '--row', 'row_2');
    expect(startedWith()).toEqual({
      columnIds: ['col_1', 'col_2'],
      scope: { type: 'rows', rowIds: ['row_1', 'row_2'] },
    });
  });

  test('takes the named rows alone where no scope is given', async () => {
    await uno('fill', '--list', 'lst_1', '--column', 'Industry', '--row', 'row_1');
    expect(startedWith()).toEqual({ columnIds: ['col_1'], scope: { type: 'rows', rowIds: ['row_1'] } });
  });

  test('says in its help which cells each scope takes', async () => {
    const { stdout } = await uno('fill', '--help');
    const help = stdout.replace(/\s+/g, ' ');
    expect(help).toContain(
      'which cells: missing (blank, not found, failed or skipped), all (filled ones are looked up again), rows (those named with --row)',
    );
  });

  test('a scope that does not exist is a usage error', async () => {
    expect(await uno('fill', '--list', 'L', '--scope', 'some')).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('a list that does not exist is named together with what exists', async () => {
    const run = await uno('fill', '--list', 'Contacts');
    expect(run).toMatchObject({ exitCode: 1, stderr: 'error: There is no list "Contacts". There is "Companies".\n' });
  });
});

describe('fill --watch', () => {
  const watch = (...more: string[]): Promise<Run> => uno('fill', '--list', 'Companies', '--watch', ...more);

  test('follows the job to its end and exits 0 when it completed and its books are closed', async () => {
    api.on('GET /v1/jobs/job_1', [{ json: job('running', 4) }, { json: job('completed', 10) }]);
    const run = await watch();
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('job_1  completed in 12.5 s');
    expect(run.stdout).toContain('Books closed: 10 cells paid');
    expect(run.stderr).toContain('running: 4 of 10 cells · filled 4 · 4 credits spent · 6 held');
  });

  test('exits 1 when the job completed and its books are not closed', async () => {
    api.on('GET /v1/jobs/job_1', { json: job('completed', 10) }).on('GET /v1/jobs/job_1/books', { json: OPEN_BOOKS });
    const run = await watch();
    expect(run).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('Books not closed') });
    expect(run.stdout).toContain('ver_9');
  });

  test('exits 1 when the job failed, with the reason', async () => {
    const failure = { code: 'insufficient_credits', message: 'The workspace has 3 credits; this needs 10.' };
    api.on('GET /v1/jobs/job_1', { json: job('failed', 0, { failure }) });
    const run = await watch();
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('The workspace has 3 credits; this needs 10. (insufficient_credits)');
  });

  test('prints one document and nothing else with --json', async () => {
    api.on('GET /v1/jobs/job_1', [{ json: job('running', 4) }, { json: job('completed', 10) }]);
    const run = await watch('--json');
    expect(JSON.parse(run.stdout)).toEqual({ ...job('completed', 10), books: CLOSED_BOOKS });
    expect(run.stderr).toBe('');
  });

  test('outlives an API that is away for a while', async () => {
    const away = {
      status: 503,
      json: { status: 503, code: 'unavailable', title: 'Away', detail: 'The database is away.' },
    };
    api.on('GET /v1/jobs/job_1', [away, away, { json: job('completed', 10) }]);
    const run = await watch();
    expect(run.exitCode).toBe(0);
    expect(run.stderr.match(/The API is away/g)).toHaveLength(1);
  });

  const waitingFor = [{ service: 'enrich', pages: 2, cells: 10, since: '2026-01-01T12:00:00' }];

  test('says for whom the job waits, and until when it did', async () => {
    const waiting = { json: job('running', 0, { waitingFor }) };
    api.on('GET /v1/jobs/job_1', [waiting, { json: job('running', 4) }, { json: job('completed', 10) }]);
    const { stderr } = await watch();
    expect(stderr.split('\n')).toEqual([
      'running, waiting for enrich since 2026-01-01 12:00:00: 0 of 10 cells · 0 credits spent · 10 held',
      'running: 4 of 10 cells · filled 4 · 4 credits spent · 6 held',
      'completed: 10 of 10 cells · filled 10 · 10 credits spent',
      '',
    ]);
  });

  test('stops on Ctrl-C also while the API stands still', async () => {
    const interruption = new AbortController();
    api.on('GET /v1/jobs/job_1', () => {
      interruption.abort();
      return 'never';
    });
    const run = await runCli(['fill', '--list', 'Companies', '--watch', '--json'], {
      env: { UNO_URL: api.url, UNO_API_KEY: 'key' },
      interrupted: interruption.signal,
    });
    expect(run.exitCode).toBe(130);
    expect(JSON.parse(run.stdout)).toMatchObject({ id: 'job_1', state: 'accepted' });
  });

  test('gives up at once when the API refuses', async () => {
    api.on('GET /v1/jobs/job_1', {
      status: 401,
      json: { status: 401, code: 'unauthorized', detail: 'The key is unknown.' },
    });
    expect(await watch()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('error: The key is unknown.') });
  });

  test('stops watching on Ctrl-C, leaves the job alone and says so', async () => {
    const interruption = new AbortController();
    api.on('GET /v1/jobs/job_1', () => {
      interruption.abort();
      return { json: job('running', 4) };
    });
    const run = await runCli(['fill', '--list', 'Companies', '--watch'], {
      env: { UNO_URL: api.url, UNO_API_KEY: 'key' },
      interrupted: interruption.signal,
    });
    expect(run).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('uno jobs cancel job_1') });
    expect(api.requests('POST /v1/jobs/job_1/cancel')).toEqual([]);
  });

  test('shows what the live socket says between two polls, and ends with the word of the API', async () => {
    const keys: unknown[] = [];
    const live = new LiveServer(api.server);
    live.of('/live').on('connection', (socket) => {
      keys.push(socket.handshake.auth['key']);
      socket.on('subscribe', ({ listId }: { listId: string }) => {
        socket.emit('snapshot', { listId, seq: 1, jobs: [job('running', 7)] });
        api.on('GET /v1/jobs/job_1', { json: job('completed', 10) });
        socket.emit('delta', { listId, seq: 2, jobs: [job('completed', 10)] });
      });
    });
    api.on('GET /v1/jobs/job_1', { json: job('running', 0) });
    const run = await watch();
    live.engine.close();
    expect(run.stderr).toContain('running: 7 of 10 cells');
    expect(run.exitCode).toBe(0);
    expect(keys).toEqual(['key']);
  });
});
