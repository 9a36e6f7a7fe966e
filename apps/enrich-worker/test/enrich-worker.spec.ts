import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sleep, waitUntil } from '@uno/testing';
import { rowOf, type StartedPage, type WorkerBench } from '@uno/worker-kit/testing';
import { companies, pageOf, startBench } from './worker-bench.js';

const CANARY = 'canary-3f81';

describe('the enrich worker as a process', () => {
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

  const failureOf = async ({ handle }: StartedPage): Promise<WorkflowFailedError> => {
    const error = await handle.result().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    return error as WorkflowFailedError;
  };

  /** The failure that the activity ended with, under those of workflow and activity. */
  const rootCause = async (page: StartedPage): Promise<unknown> => (await failureOf(page)).cause?.cause;

  const slowProviders = (ms: number): Promise<void> =>
    bench.sandbox.setFaults(['lusha', 'pdl'].map((provider) => ({ provider, fault: 'latency', params: { ms } })));

  const settledAtLeast = ({ jobId }: StartedPage, rows: number): Promise<unknown> =>
    waitUntil(() => bench.settledRows(jobId).size >= rows, { what: `${rows} rows to be settled`, intervalMs: 5 });

  test('fills a page with what the providers know, one look-up per row for all its columns', async () => {
    const worker = await bench.startWorker();
    const before = (await bench.sandbox.calls()).length;
    const names = companies(40);
    const page = await bench.startPage(pageOf(names));
    const result = (await page.handle.result()) as Record<string, number>;
    for (const name of names) {
      const answers = await Promise.all(
        ['lusha', 'pdl'].map((provider) => bench.sandbox.answer(provider, 'company', name)),
      );
      for (const attribute of ['industry', 'employees']) {
        const expected = answers.map(({ values }) => values[attribute]).find((value) => value !== undefined);
        expect(bench.api.settled.get(`${rowOf(page.jobId, name)} ${attribute}`)?.value).toEqual(expected);
      }
    }
    expect(Object.values(result).reduce((sum, count) => sum + count)).toBe(80);
    const lusha = (await bench.sandbox.calls()).slice(before).filter(({ provider }) => provider === 'lusha');
    expect(lusha).toHaveLength(names.length);
    expect(await (await fetch(`${worker.url}/metrics`)).text()).toMatch(
      /uno_cells_settled_total\{status="filled"\} \d+/,
    );
  });

  test('goes on after a kill with the rows that are still open and repeats no settled look-up', async () => {
    await slowProviders(60);
    const first = await bench.startWorker();
    const page = await bench.startPage(pageOf(companies(60)));
    await settledAtLeast(page, 12);
    await first.kill('SIGKILL');
    const settledBefore = bench.settledRows(page.jobId);
    const callsBefore = (await bench.sandbox.calls()).length;
    await bench.startWorker();
    await page.handle.result();
    expect(bench.settledRows(page.jobId).size).toBe(60);
    expect(bench.api.reads.at(-1)).toHaveLength(60 - settledBefore.size);
    // The sandbox still logs the calls that the first worker had in flight; those may be repeated, settled ones may not.
    const later = (await bench.sandbox.calls()).slice(callsBefore).filter(({ provider }) => provider === 'lusha');
    expect(new Set(later.map(({ key }) => key)).size).toBe(60 - settledBefore.size);
  });

  test('starts no call while the job is paused and goes on when it is resumed', async () => {
    await slowProviders(60);
    await bench.startWorker();
    const page = await bench.startPage(pageOf(companies(40)));
    await settledAtLeast(page, 4);
    bench.api.paused.add(page.jobId);
    await sleep(400);
    const atPause = (await bench.sandbox.calls()).length;
    await sleep(600);
    expect((await bench.sandbox.calls()).length).toBe(atPause);
    bench.api.paused.delete(page.jobId);
    await page.handle.result();
    expect(bench.settledRows(page.jobId).size).toBe(40);
  });

  test('uses up nothing of the retry budget of a failing provider while the job is paused', async () => {
    await bench.sandbox.setFaults([{ provider: 'lusha', fault: 'server_error' }]);
    const before = (await bench.sandbox.calls()).length;
    await bench.startWorker({ RETRY_BUDGET_SECONDS: '3' });
    const page = await bench.startPage(pageOf(companies(4)));
    await waitUntil(async () => (await bench.sandbox.calls()).length > before, { what: 'the first failures' });
    bench.api.paused.add(page.jobId);
    await sleep(4_000);
    // The first call after the resume fails too: counted by the clock, the budget would be spent.
    await bench.sandbox.setFaults([{ provider: 'lusha', fault: 'server_error', times: 1 }]);
    bench.api.paused.delete(page.jobId);
    await page.handle.result();
    expect(await bench.sandbox.faultHits()).toEqual([1]);
    expect([...bench.settledRows(page.jobId)]).toHaveLength(4);
    expect(
      JSON.stringify([...bench.api.settled.values()].filter(({ rowId }) => rowId.startsWith(page.jobId))),
    ).not.toContain('"down"');
  });

  test('stops calling when the control stream says stop, and ends as cancelled with the cancellation', async () => {
    await slowProviders(60);
    await bench.startWorker();
    const page = await bench.startPage(pageOf(companies(200)));
    await settledAtLeast(page, 4);
    bench.api.stopped.add(page.jobId);
    await sleep(400);
    const atStop = (await bench.sandbox.calls()).length;
    await page.handle.cancel();
    expect((await failureOf(page)).cause).toBeInstanceOf(CancelledFailure);
    expect((await bench.sandbox.calls()).length).toBe(atStop);
  });

  test('aborts a call that hangs when Temporal cancels the page', async () => {
    await bench.sandbox.setFaults([{ provider: 'lusha', fault: 'hang' }]);
    const leasesBefore = bench.api.leases.length;
    await bench.startWorker();
    const page = await bench.startPage(pageOf(companies(4)));
    await waitUntil(() => bench.api.leases.length > leasesBefore, { what: 'the first call' });
    await page.handle.cancel();
    expect((await failureOf(page)).cause).toBeInstanceOf(CancelledFailure);
  });

  test('fails the page with codes and ids only when a provider refuses the key, and keeps the reason at home', async () => {
    await bench.startWorker({ LUSHA_API_KEY: 'wrong' });
    const page = await bench.startPage(pageOf([CANARY]));
    const cause = await rootCause(page);
    expect(cause).toBeInstanceOf(ApplicationFailure);
    const errorId = `err_${bench.api.failures.length}`;
    expect(cause).toMatchObject({
      type: 'PageFailed',
      nonRetryable: true,
      details: [{ code: 'provider_unauthorized', service: 'enrich', page: 0, step: 0, errorId }],
    });
    expect(bench.api.failures.at(-1)).toMatchObject({ provider: 'lusha', code: 'provider_unauthorized' });
    expect(JSON.stringify(await page.handle.fetchHistory())).not.toContain(CANARY);
  });

  test('fails the page when both providers are down past the retry budget', async () => {
    await bench.sandbox.setFaults(['lusha', 'pdl'].map((provider) => ({ provider, fault: 'server_error' })));
    await bench.startWorker({ RETRY_BUDGET_SECONDS: '1' });
    const page = await bench.startPage(pageOf(companies(4)));
    expect(await rootCause(page)).toMatchObject({ type: 'PageFailed', details: [{ code: 'provider_unavailable' }] });
  });

  test('stops without a retry when its page was sealed, and when its fence is old', async () => {
    await slowProviders(60);
    await bench.startWorker();
    const sealed = await bench.startPage(pageOf(companies(60)));
    await settledAtLeast(sealed, 4);
    bench.api.seal(sealed.jobId);
    expect(await rootCause(sealed)).toMatchObject({ type: 'Superseded', nonRetryable: true });
    const stale = await bench.startPage(pageOf(companies(4)), 0);
    expect(await rootCause(stale)).toMatchObject({ type: 'Superseded', nonRetryable: true });
  });

  test('drains on SIGTERM: calls in flight end and are settled, the rest is for the next worker', async () => {
    await slowProviders(60);
    const before = (await bench.sandbox.calls()).length;
    const first = await bench.startWorker();
    const page = await bench.startPage(pageOf(companies(60)));
    await settledAtLeast(page, 8);
    process.kill(first.pid, 'SIGTERM');
    await waitUntil(() => first.output().includes('Draining'), { what: 'the worker to drain' });
    // The second signal of the same kind changes nothing.
    expect(await first.kill('SIGTERM')).toMatchObject({ code: 0 });
    const settledByFirst = bench.settledRows(page.jobId).size;
    expect(settledByFirst).toBeLessThan(60);
    await bench.startWorker();
    await page.handle.result();
    const lusha = (await bench.sandbox.calls()).slice(before).filter(({ provider }) => provider === 'lusha');
    expect(lusha).toHaveLength(60);
  });

  test('refuses a broken input at once, and writes nothing into the history that it was given', async () => {
    await bench.startWorker();
    const handle = await bench.temporal.client.workflow.start('fillPageWorkflow', {
      taskQueue: 'enrich',
      workflowId: bench.temporal.uniqueQueue('broken'),
      args: [{ jobId: 'job_1' }],
    });
    const { cause } = await failureOf({ jobId: 'job_1', handle });
    expect(cause).toMatchObject({ type: 'ContractViolation', nonRetryable: true });
  });
});
