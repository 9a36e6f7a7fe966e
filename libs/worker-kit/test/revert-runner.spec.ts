import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import {
  PageApiClient,
  PageFailed,
  RevertRunner,
  WorkerLifecycle,
  WorkerMetrics,
  type RevertHandler,
} from '@uno/worker-kit';
import { PageApiTestServer } from '@uno/worker-kit/testing';
import type { Effect, EffectOutcome, JournaledEffect } from '@uno/workflow-contracts';
import { PageApiRateLease } from '../src/page-api/page-api.rate-lease.js';
import { testService } from './test-service.js';

Logger.overrideLogger(false);
const RECORDS = 7;

const effectOn = (record: number, value: string, before: Effect['before']): Effect => ({
  ...{ rowId: `r${record}`, columnId: 'c', key: `job_1:${record}` },
  target: { object: 'company', idProperty: 'domain', value: `${record}.example` },
  before,
  after: { name: value },
});

describe('reverting a page', () => {
  let api: PageApiTestServer;
  let lifecycle: WorkerLifecycle;
  let reverts: RevertRunner;
  let activity: MockActivityEnvironment;
  let fence: number;

  beforeEach(async () => {
    api = await new PageApiTestServer().start();
    const options = { orchestratorUrl: api.url, serviceKey: api.serviceKey, service: testService };
    const metrics = new WorkerMetrics();
    const client = new PageApiClient(options, metrics);
    lifecycle = new WorkerLifecycle();
    reverts = new RevertRunner(client, new PageApiRateLease(client), lifecycle, metrics, options);
    activity = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    const page = { workspaceId: 'ws', entityType: 'company', columns: [], rows: [] } as const;
    api.addPage({ ...page, jobId: 'job_1', fence: 1, columns: [], rows: [] });
    const effects = Array.from({ length: RECORDS }, (_, record) => effectOn(record, 'first', { name: 'before' }));
    api.journal.write('job_1', { fence: 1, effects });
    // A second try of one write, whose `before` is what the first try wrote.
    api.journal.write('job_1', { fence: 1, effects: [effectOn(0, 'last', { name: 'first' })] });
    api.journal.recordsPerReply = 3;
    fence = api.compensate('job_1');
  });

  afterEach(async () => {
    await api.stop();
  });

  const run = (handler: RevertHandler, under = fence): Promise<unknown> => {
    const address = { jobId: 'job_1', pageNo: 0, stepNo: 0, fence: under };
    return activity
      .run(() => reverts.run({ address, chunkSize: 2, retryBudgetSeconds: 0.5 }, handler))
      .catch((error: unknown) => error);
  };

  const all =
    (outcome: EffectOutcome): RevertHandler =>
    async (effects) =>
      effects.map(({ target }) => ({ target, outcome }));

  test('hands out every record once, with what it held at first and what was written last', async () => {
    const seen: JournaledEffect[] = [];
    const sizes: number[] = [];
    const result = await run(async (effects, context) => {
      seen.push(...effects);
      sizes.push(effects.length);
      return all('restored')(effects, context);
    });
    expect(result).toEqual({ reverted: RECORDS, changedMeanwhile: 0 });
    expect(seen).toHaveLength(RECORDS);
    expect(seen[0]).toMatchObject({ before: { name: 'before' }, after: { name: 'last' } });
    expect(Math.max(...sizes)).toBe(2);
    for (const { target } of seen) expect(api.journal.outcomeOf('job_1', target)).toBe('restored');
  });

  test('counts what it took back and what somebody changed meanwhile, and repeats neither', async () => {
    const outcomes: EffectOutcome[] = ['restored', 'archived', 'unchanged', 'changed_meanwhile', 'restored'];
    let next = 0;
    const handler: RevertHandler = async (effects) =>
      effects.map(({ target }) => ({ target, outcome: outcomes[next++] ?? 'unchanged' }));
    expect(await run(handler)).toEqual({ reverted: 3, changedMeanwhile: 1 });
    expect(await run(all('restored'))).toEqual({ reverted: 0, changedMeanwhile: 0 });
  });

  test('goes on while the job is paused and stopped', async () => {
    api.paused.add('job_1');
    api.stopped.add('job_1');
    const provider = { name: 'p', title: 'P', account: 'a', requestsPerSecond: 10 };
    const result = await run(async (effects, context) => {
      await context.call(provider, async () => undefined);
      return all('restored')(effects, context);
    });
    expect(result).toEqual({ reverted: RECORDS, changedMeanwhile: 0 });
    expect(api.leases.length).toBeGreaterThan(0);
  });

  test('ends without a retry when somebody else owns the job, and with a code alone when the provider gives no answer', async () => {
    expect(await run(all('restored'), fence - 1)).toMatchObject({ type: 'Superseded', nonRetryable: true });
    const failure = await run(async () => {
      throw new PageFailed({ code: 'provider_unavailable', provider: 'p', message: 'P had an internal error.' });
    });
    expect(failure).toMatchObject({
      type: 'PageFailed',
      nonRetryable: true,
      details: [{ code: 'provider_unavailable', service: 'test', page: 0, step: 0 }],
    });
  });

  test('keeps what has an outcome when a later record fails, and refuses a handler that says nothing of one', async () => {
    let chunk = 0;
    const failure = await run(async (effects, context) => {
      if ((chunk += 1) === 3) throw new RangeError('canary');
      return all('archived')(effects, context);
    });
    expect(failure).toMatchObject({ type: 'Unexpected', nonRetryable: false });
    expect(JSON.stringify(failure)).not.toContain('canary');
    expect(await run(async () => [])).toMatchObject({ type: 'Unexpected' });
    // The first reply had three records, so the two chunks before the failure were of two and of one.
    expect(await run(all('archived'))).toEqual({ reverted: RECORDS - 3, changedMeanwhile: 0 });
  });

  test('hands what is left to another worker when this one drains', async () => {
    const failure = await run(async (effects, context) => {
      lifecycle.beginDrain();
      return all('restored')(effects, context);
    });
    expect(failure).toMatchObject({ type: 'WorkerDraining', nonRetryable: false });
  });
});
