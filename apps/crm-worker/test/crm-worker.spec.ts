import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import { rowOf, type StartedPage, type WorkerBench } from '@uno/worker-kit/testing';
import type { CellResult } from '@uno/workflow-contracts';
import { SandboxCrm } from './fixtures/sandbox-crm.js';
import { pageOf, startBench, startRevert } from './worker-bench.js';

const CANARY = 'canary-2c94';
const UPSERT = '/crm/v3/objects/companies/batch/upsert';

describe('the CRM worker as a process', () => {
  let bench: WorkerBench;
  let crm: SandboxCrm;

  beforeAll(async () => {
    bench = await startBench();
    crm = new SandboxCrm(bench.sandbox);
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

  const fault = (name: string, more: object = {}): Promise<void> =>
    bench.sandbox.setFaults([{ provider: 'hubspot', fault: name, ...more }]);

  const cellsOf = ({ jobId }: StartedPage): readonly CellResult[] =>
    [...bench.api.settled.values()].filter(({ rowId }) => rowId.startsWith(rowOf(jobId, '')));

  const outcomesOf = (page: StartedPage): Set<unknown> =>
    new Set(cellsOf(page).map(({ value }) => (value as { outcome: string }).outcome));

  /** The failure that the activity ended with, under those of workflow and activity. */
  const rootCause = async (handle: WorkflowHandle): Promise<unknown> => {
    const error: unknown = await handle.result().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    return (error as WorkflowFailedError).cause?.cause;
  };

  test('fills a page, and takes it back but for what somebody changed meanwhile', async () => {
    for (const index of [0, 1, 2]) await crm.write(`c${index}.com`, { name: `Before ${index}`, city: 'Austin' });
    const before = await crm.records();
    const worker = await bench.startWorker();
    const page = await bench.startPage(pageOf(45, CANARY));
    expect(await page.handle.result()).toEqual({ filled: 45, notFound: 0, error: 0, skipped: 0 });
    expect(outcomesOf(page)).toEqual(new Set(['created', 'updated']));
    expect(await crm.records()).toHaveLength(45);
    await crm.write('c2.com', { name: 'By hand' });
    await crm.write('c9.com', { name: 'By hand' });
    const revert = await startRevert(bench, page.jobId);
    expect(await revert.result()).toEqual({ reverted: 43, changedMeanwhile: 2 });
    const after = await crm.records();
    expect(after.filter(({ archived }) => !archived).map(({ properties }) => properties['name'])).toEqual([
      ...['Before 0', 'Before 1', 'By hand', 'By hand'],
    ]);
    expect(after[0]?.properties).toMatchObject({ ...before[0]?.properties, industry: null });
    expect(JSON.stringify([await page.handle.fetchHistory(), await revert.fetchHistory()])).not.toContain(CANARY);
    expect(worker.output()).not.toContain(CANARY);
  });

  test('killed between its write and its settling makes no record twice and is taken back exactly', async () => {
    await crm.write('c0.com', { name: 'Before' });
    const page = await bench.startPage(pageOf(20));
    // Everything is written, and the answers never end.
    await fault('slow_drip', { route: UPSERT });
    const since = (await bench.sandbox.calls()).length;
    const worker = await bench.startWorker();
    await waitUntil(async () => (await crm.calls(since)).filter(({ route }) => route === UPSERT).length >= 20, {
      what: 'the writes before the kill',
    });
    await worker.kill('SIGKILL');
    expect(cellsOf(page)).toEqual([]);
    await bench.sandbox.setFaults([]);
    await bench.startWorker();
    await page.handle.result();
    const records = await crm.records();
    expect(records).toHaveLength(20);
    expect(records.map(({ writes }) => writes)).toEqual([2, ...Array<number>(19).fill(1)]);
    const outcomes = cellsOf(page).map(({ rowId, value }) => [rowId, (value as { outcome: string }).outcome]);
    expect(Object.fromEntries(outcomes)).toMatchObject({ [rowOf(page.jobId, 'c0')]: 'updated' });
    expect(outcomes.filter(([, outcome]) => outcome === 'created')).toHaveLength(19);
    expect(await (await startRevert(bench, page.jobId)).result()).toEqual({ reverted: 20, changedMeanwhile: 0 });
    expect((await crm.records()).filter(({ archived }) => !archived)).toMatchObject([
      { properties: { name: 'Before', industry: null } },
    ]);
  });

  test('fails a revert when the CRM stays down past the budget, so that it can be tried again', async () => {
    await bench.startWorker({ RETRY_BUDGET_SECONDS: '1' });
    const page = await bench.startPage(pageOf(15));
    await page.handle.result();
    await fault('server_error');
    const fence = bench.api.compensate(page.jobId);
    const start = (attempt: number): Promise<WorkflowHandle> =>
      bench.temporal.client.workflow.start('revertPageWorkflow', {
        taskQueue: 'crm',
        workflowId: `crm:${page.jobId}:0:0:revert-${attempt}`,
        args: [{ jobId: page.jobId, pageNo: 0, stepNo: 0, fence }],
      });
    expect(await rootCause(await start(1))).toMatchObject({
      type: 'PageFailed',
      nonRetryable: true,
      details: [{ code: 'provider_unavailable', service: 'crm' }],
    });
    await bench.sandbox.setFaults([]);
    expect(await (await start(2)).result()).toEqual({ reverted: 15, changedMeanwhile: 0 });
    expect((await crm.records()).every(({ archived }) => archived)).toBe(true);
  });

  test('fails the page with codes and ids only when the CRM refuses the key, and keeps the reason at home', async () => {
    await bench.startWorker({ HUBSPOT_API_KEY: 'wrong' });
    const page = await bench.startPage(pageOf(3, CANARY));
    const cause = await rootCause(page.handle);
    expect(cause).toBeInstanceOf(ApplicationFailure);
    const errorId = `err_${bench.api.failures.length}`;
    expect(cause).toMatchObject({
      type: 'PageFailed',
      nonRetryable: true,
      details: [{ code: 'provider_unauthorized', service: 'crm', page: 0, step: 0, errorId }],
    });
    expect(bench.api.failures.at(-1)).toMatchObject({ provider: 'hubspot', code: 'provider_unauthorized' });
    expect(JSON.stringify(await page.handle.fetchHistory())).not.toContain(CANARY);
    expect(await crm.records()).toEqual([]);
  });
});
