import { describe, expect, test } from '@jest/globals';
import { CLOSED_BOOKS, job, OPEN_BOOKS } from './documents.js';
import { useApi } from './use-api.js';

const { api, uno } = useApi();

describe('jobs', () => {
  test('list shows the latest jobs of a list', async () => {
    api.on('GET /v1/jobs', { json: { items: [job('completed', 10)], nextCursor: null } });
    const run = await uno('jobs', 'list', '--list', 'Companies', '--limit', '5');
    expect(run.stdout).toContain('job_1  completed  Companies  Industry  10/10  10       2026-01-01T00:00:00.000Z');
    expect(api.requests('GET /v1/jobs')[0]?.query.toString()).toBe('listId=lst_1&limit=5');
  });

  test('list names the list and the columns of each job, by one request for all lists', async () => {
    const names = { columnIds: ['col_1', 'col_2'], columnNames: ['Industry', 'Employees'] };
    const jobs = [job('completed', 10, names), job('running', 3), job('cancelled', 3, { listId: 'lst_deleted' })];
    api.on('GET /v1/jobs', { json: { items: jobs, nextCursor: null } });
    const { stdout } = await uno('jobs');
    const cellsOf = (line: string): string[] => line.split(/ {2,}/).slice(2, 4);
    expect(stdout.trimEnd().split('\n').map(cellsOf)).toEqual([
      ['LIST', 'COLUMNS'],
      ['Companies', 'Industry, Employees'],
      ['Companies', 'Industry'],
      ['lst_deleted', 'Industry'],
    ]);
    expect(api.received.map(({ path }) => path)).toEqual(['/v1/lists', '/v1/jobs']);
  });

  test('list says that there are older jobs than it shows, and how to see them', async () => {
    api.on('GET /v1/jobs', { json: { items: [job('completed', 10)], nextCursor: 'older' } });
    const { stdout } = await uno('jobs', '--limit', '1');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('… more; see them with a higher --limit');
    expect(JSON.parse((await uno('jobs', '--limit', '1', '--json')).stdout)).toHaveLength(1);
  });

  test('show names what was skipped and why', async () => {
    const totals = { ...job('running', 4).totals, open: 3, skipped: 3 };
    api.on('GET /v1/jobs/job_1', { json: job('running', 4, { totals, skippedBy: { busy: 3, edited: 0 } }) });
    const run = await uno('jobs', 'show', 'job_1');
    expect(run.stdout).toContain('Cells    7 of 10 settled · filled 4 · skipped 3');
    expect(run.stdout).toContain('Skipped  busy 3\n');
  });

  test('a job whose cells were all busy with another job says so, in the list too', async () => {
    const totals = { ...job('completed', 0).totals, open: 0, skipped: 10 };
    const busy = job('completed', 0, { totals, skippedBy: { busy: 8, scope: 2 } });
    const tried = job('completed', 0, { totals, skippedBy: { busy: 8, inputs: 2 } });
    api.on('GET /v1/jobs', { json: { items: [busy, tried], nextCursor: null } });
    const [, ofBusy, ofTried] = (await uno('jobs')).stdout.trimEnd().split('\n');
    expect(ofBusy).toMatch(/^job_1 {2}completed .*Z {2}all cells were busy with another job$/);
    expect(ofTried).toMatch(/Z$/);
    api.on('GET /v1/jobs/job_1', [{ json: busy }, { json: tried }]);
    expect((await uno('jobs', 'show', 'job_1')).stdout).toContain(
      '\nHint     Another job was filling all of these cells. Fill again once it has ended, if it left any.\n',
    );
    expect((await uno('jobs', 'show', 'job_1')).stdout).not.toContain('Hint');
  });

  test('show says for whom the job waits', async () => {
    const waitingFor = [{ service: 'enrich', pages: 2, cells: 10, since: '2026-01-01T12:00:00' }];
    api.on('GET /v1/jobs/job_1', { json: job('running', 0, { waitingFor }) });
    const { stdout } = await uno('jobs', 'show', 'job_1');
    expect(stdout).toContain('\nWaiting  for enrich since 2026-01-01 12:00:00; is it online? See: uno services\n');
  });

  test('cancel answers with the job as it is now', async () => {
    api.on('POST /v1/jobs/job_1/cancel', { status: 202 }).on('GET /v1/jobs/job_1', { json: job('compensating', 4) });
    const run = await uno('jobs', 'cancel', 'job_1');
    expect(run).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Cancel accepted.\njob_1  compensating'),
    });
  });

  test('cancel of a final job says why not', async () => {
    const problem = {
      status: 409,
      code: 'job_final',
      title: 'Conflict',
      detail: 'The job is completed; nothing can be cancelled.',
    };
    api.on('POST /v1/jobs/job_1/cancel', { status: 409, json: problem });
    expect(await uno('jobs', 'cancel', 'job_1')).toMatchObject({ exitCode: 1, stderr: `error: ${problem.detail}\n` });
  });

  test.each([
    ['completed', CLOSED_BOOKS, 0],
    ['completed', OPEN_BOOKS, 1],
    ['cancelled', CLOSED_BOOKS, 1],
    ['running', CLOSED_BOOKS, 1],
  ] as const)('books of a %s job, closed or not: %#', async (state, books, exitCode) => {
    api.on('GET /v1/jobs/job_1/books', { json: { ...books, state } });
    const run = await uno('jobs', 'books', 'job_1', '--json');
    expect(run.exitCode).toBe(exitCode);
    expect(JSON.parse(run.stdout)).toEqual({ jobId: 'job_1', ...books, state });
  });

  test.each([
    [
      'compensation_failed',
      30,
      '  30 records at providers are still to be taken back, see: uno jobs effects job_1 --outcome open',
    ],
    [
      'compensating',
      1,
      '  1 record at providers is still to be taken back, see: uno jobs effects job_1 --outcome open',
    ],
    ['running', 0, '  The job is running; its books can close when it has ended.'],
  ] as const)(
    'books of a job that is %s with %i records to go say what is left to do',
    async (state, openReverts, rest) => {
      const books = { ...CLOSED_BOOKS, closed: false, state, openReverts };
      api.on('GET /v1/jobs/job_1/books', { json: books });
      const { stdout } = await uno('jobs', 'books', 'job_1');
      expect(stdout.trimEnd().split('\n')).toEqual([
        `job_1  ${state}`,
        'Books not closed: 0 open holds, 0 pending cells, 0 differences.',
        rest,
      ]);
    },
  );
});
