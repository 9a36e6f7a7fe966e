import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { aiService } from '@uno/ai-contract';
import { waitUntil } from '@uno/testing';
import { rowOf, type StartedPage, type WorkerBench } from '@uno/worker-kit/testing';
import { COLUMNS, companies, rightAnswer, startBench, startPage } from './worker-bench.js';

const CANARY = 'canary-61d0';

describe('the AI worker as a process', () => {
  let bench: WorkerBench;

  beforeAll(async () => {
    bench = await startBench();
  });

  afterAll(async () => {
    await bench.stop();
  });

  beforeEach(async () => {
    await bench.sandbox.reset('1');
  });

  afterEach(async () => {
    await bench.killWorkers();
  });

  const failureOf = async ({ handle }: StartedPage): Promise<Error | undefined> => {
    const failure: unknown = await handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    return (failure as WorkflowFailedError).cause;
  };

  async function expectRight({ jobId }: StartedPage, names: readonly string[], columns: readonly string[]) {
    for (const name of names) {
      for (const column of columns) {
        const cell = bench.api.settled.get(`${rowOf(jobId, name)} ${column}`);
        expect(cell).toMatchObject({ status: 'filled', value: await rightAnswer(bench, name, column) });
      }
    }
  }

  test('registers, fills cells of every type with what the model says, one call each, and tells Temporal nothing', async () => {
    const worker = await bench.startWorker();
    expect(bench.api.registrations.at(-1)).toEqual(aiService.registration);
    const names = [`${CANARY} a`, `${CANARY} b`, `${CANARY} c`];
    const before = (await bench.sandbox.calls()).length;
    const page = await startPage(bench, names);
    expect(await page.handle.result()).toEqual({ filled: 15, notFound: 0, error: 0, skipped: 0 });
    await expectRight(page, names, Object.keys(COLUMNS));
    const calls = (await bench.sandbox.calls()).slice(before);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(15);
    expect(calls).toHaveLength(15);
    expect(JSON.stringify(await page.handle.fetchHistory())).not.toContain(CANARY);
    expect(worker.output()).not.toContain(CANARY);
  });

  test('fills every cell although half of the calls are refused for the rate limit', async () => {
    await bench.sandbox.setFaults([{ provider: 'openai', fault: 'rate_limited', probability: 0.5 }]);
    await bench.startWorker({ AI_CALLS_PER_PAGE: '8', RETRY_BUDGET_SECONDS: '60' });
    const names = companies(8);
    const page = await startPage(bench, names, () => ['line']);
    expect(await page.handle.result()).toMatchObject({ filled: 8 });
    await expectRight(page, names, ['line']);
  });

  test('gets past a model that hangs for a while, and aborts the call when the page is cancelled', async () => {
    await bench.sandbox.setFaults([{ provider: 'openai', fault: 'hang', times: 6 }]);
    await bench.startWorker({ AI_CALL_TIMEOUT_SECONDS: '0.5', RETRY_BUDGET_SECONDS: '60' });
    const names = companies(4);
    const page = await startPage(bench, names, () => ['line']);
    expect(await page.handle.result()).toMatchObject({ filled: 4 });
    await expectRight(page, names, ['line']);
    await bench.sandbox.setFaults([{ provider: 'openai', fault: 'hang' }]);
    const hanging = await startPage(bench, companies(4), () => ['staff']);
    await waitUntil(async () => (await bench.sandbox.faultHits())[0] !== 0, { what: 'a call that hangs' });
    await hanging.handle.cancel();
    expect(await failureOf(hanging)).toBeInstanceOf(CancelledFailure);
  });

  test('fails the page when the provider refuses the key, and keeps the reason at home', async () => {
    const code = 'provider_unauthorized';
    await bench.startWorker({ OPENAI_API_KEY: 'wrong' });
    const page = await startPage(bench, [CANARY], () => ['line']);
    const errorId = `err_${bench.api.failures.length + 1}`;
    expect((await failureOf(page))?.cause).toMatchObject({
      type: 'PageFailed',
      nonRetryable: true,
      details: [{ code, service: 'ai', errorId }],
    });
    expect(bench.api.failures.at(-1)).toMatchObject({ provider: 'openai', code });
    expect(JSON.stringify([await page.handle.fetchHistory(), bench.api.failures])).not.toContain(CANARY);
  });
});
