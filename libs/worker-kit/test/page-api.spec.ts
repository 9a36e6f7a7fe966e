import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { waitUntil } from '@uno/testing';
import { ControlStream, PageApiClient, RateLease, WorkerMetrics } from '@uno/worker-kit';
import { PageApiTestServer } from '@uno/worker-kit/testing';
import { GatedRateLease } from '../src/page-api/gated.rate-lease.js';
import { PageApiRateLease } from '../src/page-api/page-api.rate-lease.js';
import { testService } from './test-service.js';

Logger.overrideLogger(false);
const ADDRESS = { jobId: 'job_1', pageNo: 0, stepNo: 0, fence: 1 };
const SUBJECT = { provider: 'lusha', key: 'account', requestsPerSecond: 25 };

describe('the worker side of the Page API', () => {
  let api: PageApiTestServer;
  let client: PageApiClient;
  let control: ControlStream;
  let end: AbortController;

  beforeEach(async () => {
    end = new AbortController();
    setMaxListeners(0, end.signal);
    api = await new PageApiTestServer().start();
    const options = { orchestratorUrl: api.url, serviceKey: api.serviceKey, service: testService };
    client = new PageApiClient(options, new WorkerMetrics());
    control = new ControlStream(client);
    control.onApplicationBootstrap();
    const columns = [{ columnId: 'c', config: {} }];
    const rows = [{ rowId: 'r', columnIds: ['c'], inputs: {} }];
    api.addPage({ jobId: 'job_1', fence: 1, workspaceId: 'ws', entityType: 'company', columns, rows });
  });

  afterEach(async () => {
    end.abort();
    await control.onApplicationShutdown();
    await api.stop();
  });

  test('repeats a request until the orchestrator is back', async () => {
    api.plannedFailures.push(503, 500, 429);
    expect((await client.readStep(ADDRESS, end.signal)).rows).toHaveLength(1);
    await api.stop();
    const reading = client.readStep(ADDRESS, end.signal);
    await api.start();
    expect((await reading).rows).toHaveLength(1);
  });

  test('gives a request up when its page is over', async () => {
    await api.stop();
    const page = new AbortController();
    const reading = client.readStep(ADDRESS, page.signal);
    page.abort(new Error('the page is over'));
    await expect(reading).rejects.toThrow('the page is over');
    await api.start();
  });

  test('tells an old fence from a refusal, and repeats neither', async () => {
    await expect(client.readStep({ ...ADDRESS, fence: 0 }, end.signal)).rejects.toMatchObject({
      type: 'Superseded',
      nonRetryable: true,
    });
    await expect(client.readStep({ ...ADDRESS, jobId: 'other' }, end.signal)).rejects.toMatchObject({
      type: 'PageApiRefused',
      nonRetryable: true,
      message: 'The Page API refused read step (404 not_found)',
    });
  });

  test('starts no call before the first beat, while the stream is silent, or while the job is paused', async () => {
    await control.mayStartCall('job_1', end.signal);
    api.paused.add('job_1');
    await waitUntil(() => !control.isOpen('job_1'), { what: 'the pause to be heard' });
    expect(control.isOpen('job_2')).toBe(true);
    api.paused.clear();
    await control.mayStartCall('job_1', end.signal);
    api.beats = false;
    await waitUntil(() => !control.isOpen('job_1'), { what: 'the silence to be noticed' });
    api.beats = true;
    await control.mayStartCall('job_1', end.signal);
  });

  test('connects the control stream anew after the orchestrator was away', async () => {
    await control.mayStartCall('job_1', end.signal);
    await api.stop();
    await waitUntil(() => !control.isOpen('job_1'), { what: 'the silence to be noticed' });
    await api.start();
    await control.mayStartCall('job_1', end.signal);
  });

  test('aborts what belongs to a job that must stop, and nothing else', async () => {
    const watch = control.watchStop('job_1');
    const other = control.watchStop('job_2');
    api.stopped.add('job_1');
    await waitUntil(() => watch.signal.aborted, { what: 'the stop' });
    expect(other.signal.aborted).toBe(false);
    expect(control.watchStop('job_1').signal.aborted).toBe(true);
  });

  test('asks once for the leases of all calls that wait, and for no more than they want', async () => {
    const leases = new PageApiRateLease(client);
    await Promise.all(Array.from({ length: 20 }, () => leases.acquire({ ...SUBJECT, want: 1 }, end.signal)));
    expect(api.leases.map(({ want }) => want)).toEqual([20]);
    await leases.acquire({ ...SUBJECT, want: 2 }, end.signal);
    expect(api.leases.map(({ want }) => want)).toEqual([20, 2]);
  });

  test('asks ahead where calls are many, and serves them without asking again', async () => {
    const leases = new PageApiRateLease(client);
    for (let call = 0; call < 300; call++) await leases.acquire({ ...SUBJECT, want: 1 }, end.signal);
    expect(Math.max(...api.leases.map(({ ahead = 0 }) => ahead))).toBeGreaterThan(1);
    expect(api.leases.length).toBeLessThan(300);
  });

  test('renews leases that were given ahead before they end, while no call waits', async () => {
    const leases = new PageApiRateLease(client);
    while (!api.leases.some(({ want }) => want === 0)) {
      await leases.acquire({ ...SUBJECT, want: 1 }, end.signal);
      await sleep(1);
    }
    expect(api.leases.find(({ want }) => want === 0)?.ahead).toBeGreaterThan(0);
  });

  test('goes on where leases ahead alone are refused', async () => {
    const leases = new PageApiRateLease(client);
    api.refusesLeasesAheadAlone = true;
    while (api.leases.filter(({ want }) => want === 0).length < 3) {
      await Promise.all([1, 2].map(() => leases.acquire({ ...SUBJECT, want: 1 }, end.signal)));
      await sleep(1);
    }
  });

  test('lets a call that is given up leave the queue, and reports a 429 to everybody', async () => {
    const leases = new PageApiRateLease(client);
    await api.stop();
    const call = new AbortController();
    const waiting = leases.acquire({ ...SUBJECT, want: 1 }, call.signal);
    call.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
    await api.start();
    await leases.throttled({ ...SUBJECT, retryAfterMs: 1_500 });
    expect(api.leases.at(-1)).toMatchObject({ provider: 'lusha', throttledForMs: 1_500 });
  });

  test('does not use a lease that a pause has made old', async () => {
    const granted: number[] = [];
    class PausingLease extends RateLease {
      override async acquire(): Promise<void> {
        granted.push(1);
        if (granted.length > 1) return;
        api.paused.add('job_1');
        await waitUntil(() => !control.isOpen('job_1'), { what: 'the pause to be heard' });
        setTimeout(() => api.paused.clear(), 50);
      }
      override async throttled(): Promise<void> {}
    }
    const gate = { jobId: 'job_1', control, metrics: new WorkerMetrics() };
    await new GatedRateLease(new PausingLease(), gate).acquire({ ...SUBJECT, want: 1 }, end.signal);
    expect(granted).toHaveLength(2);
    expect(control.isOpen('job_1')).toBe(true);
  });
});
