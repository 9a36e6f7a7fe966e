import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ApiServer } from './api-server.js';
import { job } from './documents.js';
import { runCli } from './run-cli.js';
import type { Run } from './run-cli.js';

const api = new ApiServer();
beforeAll(() => api.start());
afterAll(() => api.stop());
beforeEach(() => api.reset());

const uno = (...argv: string[]): Promise<Run> => runCli(argv, { env: { UNO_URL: api.url, UNO_API_KEY: 'key' } });

describe('jobs that wrote at providers', () => {
  const reverts = { records: 503, reverted: 498, changedMeanwhile: 5, open: 0 };
  const revertFailure = {
    code: 'revert_failed',
    cause: 'revert_timed_out',
    message: 'The provider is away.',
    service: 'somebody',
    page: 0,
    step: 1,
    attempts: 3,
    nextAttemptAt: '2026-01-01T12:00:00',
  };

  test('show what became of the records, and how to see those that were left alone', async () => {
    api.on('GET /v1/jobs/job_1', { json: job('failed', 0, { reverts }) });
    const { stdout } = await uno('jobs', 'show', 'job_1');
    expect(stdout).toContain('Records  503 written at providers · 498 taken back · 0 to go · 5 changed meanwhile');
    expect(stdout).toContain('see: uno jobs effects job_1 --outcome changed_meanwhile\n');
    expect(stdout).not.toContain('Parked');
  });

  test('show why the undo is stuck, and how to try it again', async () => {
    api.on('GET /v1/jobs/job_1', { json: job('compensation_failed', 0, { reverts, revertFailure }) });
    const { stdout } = await uno('jobs', 'show', 'job_1');
    expect(stdout).toContain('Parked   The provider is away.\n');
    expect(stdout).toContain('Tried 3 times, again 2026-01-01 12:00:00. Try at once with: uno jobs compensate job_1\n');
  });

  test('compensate answers with the job as it is now', async () => {
    api.on('POST /v1/jobs/job_1/compensate', { status: 202 });
    api.on('GET /v1/jobs/job_1', { json: job('compensation_failed', 0, { reverts, revertFailure }) });
    const run = await uno('jobs', 'compensate', 'job_1');
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Compensate accepted.\njob_1') });
    const [sent] = api.requests('POST /v1/jobs/job_1/compensate');
    expect(sent?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('effects are a line for each record, over all pages', async () => {
    const target = { object: 'companies', idProperty: 'domain', value: 'acme.example' };
    const effect = { service: 'somebody', pageNo: 0, rowId: 'row_1', columnId: 'col_1', target };
    const first = { ...effect, before: null, after: { name: 'Acme' }, outcome: 'archived' };
    const second = { ...effect, before: { name: 'A' }, after: { name: 'Acme' }, outcome: null };
    api.on('GET /v1/jobs/job_1/effects', [
      { json: { items: [first], nextCursor: 'x' } },
      { json: { items: [second], nextCursor: null } },
    ]);
    const { stdout } = await uno('jobs', 'effects', 'job_1', '--outcome', 'changed_meanwhile');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(lines).toEqual([
      ['SERVICE', 'RECORD', 'BEFORE', 'WRITTEN', 'OUTCOME'],
      ['somebody', 'companies domain=acme.example', '(none)', '{"name":"Acme"}', 'archived'],
      ['somebody', 'companies domain=acme.example', '{"name":"A"}', '{"name":"Acme"}'],
    ]);
    const [, next] = api.requests('GET /v1/jobs/job_1/effects');
    expect(next?.query.toString()).toBe('outcome=changed_meanwhile&limit=100&cursor=x');
  });

  test('effects are all there are, however many, unless the person names a limit; then the rest is not kept silent', async () => {
    const target = { object: 'companies', idProperty: 'domain' };
    const effect = { service: 'somebody', before: null, after: { name: 'Acme' }, outcome: 'archived' };
    const effects = Array.from({ length: 250 }, (_, no) => ({
      ...effect,
      target: { ...target, value: `${no}.example` },
    }));
    api.on('GET /v1/jobs/job_1/effects', ({ query }) => {
      const from = Number(query.get('cursor') ?? 0);
      const to = from + Number(query.get('limit'));
      return { json: { items: effects.slice(from, to), nextCursor: to < effects.length ? `${to}` : null } };
    });
    const linesOf = async (...more: string[]): Promise<string[]> =>
      (await uno('jobs', 'effects', 'job_1', ...more)).stdout.trimEnd().split('\n');
    expect(await linesOf()).toHaveLength(1 + 250);
    expect(await linesOf('--limit', '250')).toHaveLength(1 + 250);
    const cut = await linesOf('--limit', '120');
    expect(cut).toHaveLength(1 + 120 + 1);
    expect(cut.at(-1)).toBe('… more; all of them without --limit');
  });

  test('none is said to be none', async () => {
    api.on('GET /v1/jobs/job_1/effects', { json: { items: [], nextCursor: null } });
    expect((await uno('jobs', 'effects', 'job_1')).stdout).toBe('There are no such records.\n');
  });
});
