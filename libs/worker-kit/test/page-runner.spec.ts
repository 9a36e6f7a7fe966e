import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApplicationFailure } from '@temporalio/common';
import { CancelledFailure } from '@temporalio/common';
import { Logger } from '@nestjs/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { waitUntil } from '@uno/testing';
import {
  ControlStream,
  PageApiClient,
  PageFailed,
  PageRunner,
  WorkerLifecycle,
  WorkerMetrics,
  type PageContext,
  type PageHandler,
} from '@uno/worker-kit';
import { PageApiTestServer } from '@uno/worker-kit/testing';
import type { OpenRow } from '@uno/workflow-contracts';
import { PageApiRateLease } from '../src/page-api/page-api.rate-lease.js';
import { testService } from './test-service.js';

Logger.overrideLogger(false);
const ADDRESS = { jobId: 'job_1', pageNo: 7, stepNo: 1, fence: 1 };

/** The activity's side of Temporal is the SDK's own stand-in; whole workers run on a real server in the apps' tests. */
describe('running a page', () => {
  let api: PageApiTestServer;
  let control: ControlStream;
  let lifecycle: WorkerLifecycle;
  let pages: PageRunner;
  let activity: MockActivityEnvironment;

  beforeEach(async () => {
    api = await new PageApiTestServer().start();
    const options = { orchestratorUrl: api.url, serviceKey: api.serviceKey, service: testService };
    const metrics = new WorkerMetrics();
    const client = new PageApiClient(options, metrics);
    control = new ControlStream(client);
    lifecycle = new WorkerLifecycle();
    pages = new PageRunner(client, control, new PageApiRateLease(client), lifecycle, metrics, options);
    activity = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    control.onApplicationBootstrap();
    const rows = Array.from({ length: 20 }, (_, index) => ({ rowId: `r${index}`, columnIds: ['c'], inputs: {} }));
    const columns = [{ columnId: 'c', config: {} }];
    api.addPage({ jobId: 'job_1', fence: 1, workspaceId: 'ws', entityType: 'company', columns, rows });
  });

  afterEach(async () => {
    await control.onApplicationShutdown();
    await api.stop();
  });

  const run = (handler: PageHandler, chunkSize = 2, concurrency = 3): Promise<unknown> =>
    activity
      .run(() => pages.run({ address: ADDRESS, chunkSize, concurrency }, handler))
      .catch((error: unknown) => error);

  const fill = ({ settle }: PageContext, rows: readonly OpenRow[]): void =>
    settle(rows.map(({ rowId }) => ({ rowId, columnId: 'c', status: 'filled', value: 'x' })));

  test('hands out every open row once, in chunks, and never more of them at a time than allowed', async () => {
    let busy = 0;
    let busiest = 0;
    const sizes: number[] = [];
    const result = await run(
      (context) => async (rows) => {
        busiest = Math.max(busiest, (busy += 1));
        await sleep(5);
        busy -= 1;
        sizes.push(rows.length);
        fill(context, rows);
      },
      3,
    );
    expect(result).toEqual({ filled: 20, notFound: 0, error: 0, skipped: 0 });
    expect(sizes.sort()).toEqual([2, 3, 3, 3, 3, 3, 3]);
    expect(busiest).toBe(3);
  });

  test('settles what is done and stops the other chunks when the page fails', async () => {
    let signal: AbortSignal | undefined;
    const failure = await run((context) => async (rows) => {
      signal = context.signal;
      fill(context, rows);
      if (rows[0]?.rowId === 'r4')
        throw new PageFailed({ code: 'provider_down', provider: 'lusha', message: 'Lusha is down' });
      await sleep(60_000, undefined, { signal: context.signal });
    });
    expect(failure).toMatchObject({
      type: 'PageFailed',
      nonRetryable: true,
      message: 'The page cannot go on',
      details: [{ code: 'provider_down', service: 'test', page: 7, step: 1, errorId: 'err_1' }],
    });
    expect(api.failures).toEqual([{ code: 'provider_down', provider: 'lusha', message: 'Lusha is down', fence: 1 }]);
    expect(signal?.aborted).toBe(true);
    expect(api.settled.size).toBe(6);
  });

  test('tells Temporal nothing of an unexpected error, and lets it try again', async () => {
    const failure = await run(() => async () => {
      throw new RangeError('canary is out of range');
    });
    expect(failure).toMatchObject({ type: 'Unexpected', nonRetryable: false });
    expect(String((failure as ApplicationFailure).message)).toBe('The page met an unexpected RangeError');
    expect(JSON.stringify([failure, (failure as Error).stack])).not.toContain('canary');
  });

  test('ends as cancelled, not as failed, when the job stops before the cancellation arrives', async () => {
    const ended = run((context) => async (rows) => {
      fill(context, rows);
      await sleep(60_000, undefined, { signal: context.signal });
    });
    await waitUntil(() => api.settled.size > 0, { what: 'the first cells' });
    api.stopped.add('job_1');
    setTimeout(() => activity.cancel('CANCELLED'), 300);
    expect(await ended).toBeInstanceOf(CancelledFailure);
  });

  test('counts the time in which the job ran, not that of a pause or of a silent stream', async () => {
    const readings: number[] = [];
    const stoodStill = async (read: () => number): Promise<void> => {
      await waitUntil(() => !control.isOpen('job_1'), { what: 'the job to stand still' });
      readings.push(read());
      await sleep(600);
      readings.push(read());
    };
    const result = await run(
      (context) => async (rows) => {
        const { runningMs } = context;
        await waitUntil(() => runningMs() > 100, { what: 'time to be counted' });
        api.paused.add('job_1');
        await stoodStill(runningMs);
        api.paused.clear();
        await context.leases.acquire({ provider: 'p', key: 'k', requestsPerSecond: 1, want: 1 }, context.signal);
        api.beats = false;
        await stoodStill(runningMs);
        api.beats = true;
        const before = runningMs();
        await waitUntil(() => runningMs() > before, { what: 'time to be counted again' });
        fill(context, rows);
      },
      20,
    );
    expect(result).toMatchObject({ filled: 20 });
    const [atPause, afterPause, atSilence, afterSilence] = readings as [number, number, number, number];
    expect(afterPause).toBe(atPause);
    expect(atSilence).toBeGreaterThanOrEqual(afterPause);
    expect(afterSilence).toBe(atSilence);
  });

  test('hands the rows that are left to another worker when this one drains', async () => {
    const failure = await run((context) => async (rows) => {
      fill(context, rows);
      lifecycle.beginDrain();
    });
    expect(failure).toMatchObject({ type: 'WorkerDraining', nonRetryable: false });
    expect(api.settled.size).toBeGreaterThan(0);
    expect(api.settled.size).toBeLessThan(20);
  });

  test('completes a page without open rows, and one whose last rows end during a drain', async () => {
    expect(await run((context) => async (rows) => fill(context, rows))).toMatchObject({ filled: 20 });
    lifecycle.beginDrain();
    expect(await run(() => async () => undefined)).toEqual({ filled: 0, notFound: 0, error: 0, skipped: 0 });
  });

  test('reports counters, and only counters, with its heartbeats', async () => {
    const details: unknown[] = [];
    activity.on('heartbeat', (detail: unknown) => details.push(detail));
    await run((context) => async (rows) => fill(context, rows));
    expect(details[0]).toEqual({ filled: expect.any(Number), notFound: 0, error: 0, skipped: 0 });
  });
});
