import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import {
  ControlStream,
  PageApiClient,
  PageRunner,
  WorkerLifecycle,
  WorkerMetrics,
  type PageContext,
  type PageHandler,
} from '@uno/worker-kit';
import { PageApiTestServer } from '@uno/worker-kit/testing';
import type { Effect, OpenRow } from '@uno/workflow-contracts';
import { PageApiRateLease } from '../src/page-api/page-api.rate-lease.js';
import { testService } from './test-service.js';

Logger.overrideLogger(false);
const ROWS = 20;

describe('what a page offers to its handler', () => {
  let api: PageApiTestServer;
  let control: ControlStream;
  let pages: PageRunner;
  let activity: MockActivityEnvironment;

  beforeEach(async () => {
    api = await new PageApiTestServer().start();
    const options = { orchestratorUrl: api.url, serviceKey: api.serviceKey, service: testService };
    const metrics = new WorkerMetrics();
    const client = new PageApiClient(options, metrics);
    control = new ControlStream(client);
    pages = new PageRunner(client, control, new PageApiRateLease(client), new WorkerLifecycle(), metrics, options);
    activity = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    control.onApplicationBootstrap();
    const rows = Array.from({ length: ROWS }, (_, index) => ({
      ...{
        rowId: `r${index}`,
        columnIds: ['c'],
        inputs: { col_1: 'Retail' },
        identity: { domain: `${index}.example` },
      },
    }));
    api.addPage({
      ...{ jobId: 'job_1', fence: 1, workspaceId: 'ws', entityType: 'company', rows, rowsPerReply: 6 },
      ...{ columns: [{ columnId: 'c', config: {} }], references: { col_1: 'Industry' } },
    });
  });

  afterEach(async () => {
    await control.onApplicationShutdown();
    await api.stop();
  });

  const run = (handler: PageHandler): Promise<unknown> => {
    const address = { jobId: 'job_1', pageNo: 0, stepNo: 0, fence: 1 };
    return activity
      .run(() => pages.run({ address, chunkSize: 4, concurrency: 2 }, handler))
      .catch((error: unknown) => error);
  };

  const fill = ({ settle }: PageContext, rows: readonly OpenRow[]): void =>
    settle(
      rows.map(({ rowId }) => ({ rowId, columnId: 'c', status: 'filled', value: 'x' })),
      rows.map(({ rowId }) => ({ rowId, memory: { id: `at-provider-${rowId}` } })),
    );

  const effectOf = ({ rowId }: OpenRow, before: Effect['before'] = null): Effect => ({
    ...{ rowId, columnId: 'c', key: `job_1:${rowId}`, before, after: { name: 'x' } },
    target: { object: 'company', idProperty: 'domain', value: rowId },
  });

  test('reads the page again until it has all rows, and makes the handler once', async () => {
    let handlers = 0;
    const result = await run((context) => {
      handlers += 1;
      return async (rows) => fill(context, rows);
    });
    expect(result).toEqual({ filled: ROWS, notFound: 0, error: 0, skipped: 0 });
    expect(api.reads.map(({ length }) => length)).toEqual([6, 6, 6, 2]);
    expect(handlers).toBe(1);
  });

  test('does not read for ever when a handler leaves its rows open', async () => {
    expect(await run(() => async () => undefined)).toMatchObject({ type: 'Unexpected', nonRetryable: false });
  });

  test('gives titles of references, identities, and what the service remembered with earlier results', async () => {
    const seen: OpenRow[] = [];
    await run((context) => {
      expect(context.page.references).toEqual({ col_1: 'Industry' });
      return async (rows) => {
        seen.push(...rows);
        fill(context, rows);
      };
    });
    const first = { inputs: { col_1: 'Retail' }, identity: { domain: '0.example' }, memory: {} };
    expect(seen.find(({ rowId }) => rowId === 'r0')).toMatchObject(first);
    expect(api.memories.get('r7')).toEqual({ id: 'at-provider-r7' });
    api.settled.clear();
    const again: OpenRow[] = [];
    await run((context) => async (rows) => {
      again.push(...rows);
      fill(context, rows);
    });
    expect(again.find(({ rowId }) => rowId === 'r7')?.memory).toEqual({ id: 'at-provider-r7' });
  });

  test('sends a memory together with a result of its row, never alone', async () => {
    await run((context) => async (rows) => fill(context, rows));
    for (const { results, memories = [] } of api.settleRequests) {
      expect(new Set(memories.map(({ rowId }) => rowId))).toEqual(new Set(results.map(({ rowId }) => rowId)));
    }
  });

  test('writes the journal before anything else, and learns which records were there before', async () => {
    const known: boolean[] = [];
    await run((context) => async (rows) => {
      const before = rows.map((row, index) => effectOf(row, index === 0 ? { name: 'was' } : null));
      const first = await context.journal(before);
      // A second try finds what the first one wrote.
      const second = await context.journal(rows.map((row) => effectOf(row, { name: 'x' })));
      expect(second).toEqual(first);
      known.push(...first.map(({ existedBefore }) => existedBefore));
      fill(context, rows);
    });
    expect(known.filter((existed) => existed)).toHaveLength(api.reads.length * 2 - 1);
    expect(api.journal.entries).toHaveLength(ROWS * 2);
  });

  test('repeats the journal until it is answered', async () => {
    let planned = false;
    const result = await run((context) => async (rows) => {
      if (!planned) api.plannedFailures.push(503, 500);
      planned = true;
      await context.journal(rows.map((row) => effectOf(row)));
      fill(context, rows);
    });
    expect(result).toMatchObject({ filled: ROWS });
    expect(api.journal.entries).toHaveLength(ROWS);
  });

  const stopJob = (): void => {
    api.stopped.add('job_1');
    setTimeout(() => activity.cancel('CANCELLED'), 300);
  };

  test.each([
    ['the page is sealed', { type: 'Superseded', nonRetryable: true }, () => api.seal('job_1')],
    ['the job is stopped', { name: 'CancelledFailure' }, () => stopJob()],
  ] as const)('writes nothing outside once %s', async (_what, failure, stop) => {
    let written = 0;
    const ended = await run((context) => {
      stop();
      return async (rows) => {
        await context.journal(rows.map((row) => effectOf(row)));
        written += rows.length;
      };
    });
    expect(ended).toMatchObject(failure);
    expect(written).toBe(0);
  });
});
