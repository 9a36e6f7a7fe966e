import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowFailedError } from '@temporalio/client';
import type { CellResult } from '@uno/workflow-contracts';
import { rowOf, type WorkerBench, type WorkerUnderTest } from '@uno/worker-kit/testing';
import fc from 'fast-check';
import { COLUMNS, rightAnswer, startBench, startPage } from './worker-bench.js';

const CANARY = 'canary-0e77';
const SEED = 20_261_123;
const ROUNDS = 5;
const ROWS = 60;
const COLUMN_IDS = Object.keys(COLUMNS);
/** Each row has one open cell, so that a cell that is tried for long keeps no other waiting. */
const columnOf = (row: number): string => COLUMN_IDS[row % COLUMN_IDS.length] ?? '';
const REASON = /^OpenAI .+\. [A-Z].+\.$/;

type Fault = Readonly<{ fault: string; params?: object; probability?: number }>;

const FATAL: readonly Fault[] = [{ fault: 'unauthorized' }, { fault: 'out_of_credits' }, { fault: 'forbidden' }];
const PASSING: readonly Fault[] = [
  { fault: 'latency', params: { ms: 200 } },
  { fault: 'rate_limited' },
  { fault: 'rate_limited', params: { retryAfterSeconds: 1 } },
  { fault: 'server_error', params: { status: 503 } },
  { fault: 'hang' },
  { fault: 'hang', params: { ms: 100 } },
  { fault: 'reset_after_count' },
  { fault: 'slow_drip', params: { ms: 5_000 } },
  { fault: 'wrong_schema' },
  { fault: 'wrong_schema', params: { part: 'content' } },
  { fault: 'wrong_schema', params: { part: 'envelope' } },
  { fault: 'html_body' },
  { fault: 'html_body', params: { status: 502 } },
  { fault: 'oversized_body' },
  { fault: 'empty_result' },
  { fault: 'partial_batch' },
  ...['refusal', 'length', 'content_filter'].map((code) => ({ fault: 'item_error', params: { code } })),
];

/** Every fault once, in rounds; those that fail a page hit one call in fifty, the others every third. */
function drawRounds(): Fault[][] {
  const all = [
    ...FATAL.map((each) => ({ ...each, probability: 0.02 })),
    ...PASSING.map((each) => ({ ...each, probability: 0.33 })),
  ];
  const [faults = []] = fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), { seed: SEED, numRuns: 1 });
  return Array.from({ length: ROUNDS }, (_, round) => faults.filter((_fault, index) => index % ROUNDS === round));
}

describe(`random faults of the model, seed ${SEED}`, () => {
  let bench: WorkerBench;
  let worker: WorkerUnderTest;

  beforeAll(async () => {
    bench = await startBench();
    worker = await bench.startWorker({
      AI_CALLS_PER_PAGE: '60',
      AI_CALL_TIMEOUT_SECONDS: '0.5',
      RETRY_BUDGET_SECONDS: '3',
    });
  });

  afterAll(async () => {
    await bench.stop();
  });

  const codes = new Set<string>();

  /** A settled cell holds what the model really says, or says why not, in words. */
  async function expectHonest(name: string, column: string, { status, value, reason }: CellResult): Promise<void> {
    if (status === 'filled') {
      expect(value).toEqual(await rightAnswer(bench, name, column));
      return;
    }
    expect({ status, reason }).toMatchObject({ status: 'error', reason: { message: expect.stringMatching(REASON) } });
    codes.add(reason?.code ?? '');
  }

  test.each(drawRounds().map((faults, round) => [round, faults] as const))(
    'leave no cell of round %d open or without a reason, and settle none twice',
    async (round, faults) => {
      await bench.sandbox.reset(`${SEED}:${round}`);
      await bench.sandbox.setFaults(faults.map((each) => ({ provider: 'openai', ...each })));
      const before = bench.api.settleRequests.length;
      const names = Array.from({ length: ROWS }, (_, index) => `${CANARY} ${round} ${index}`);
      const page = await startPage(bench, names, (row) => [columnOf(row)]);
      const failure: unknown = await page.handle.result().then(
        () => undefined,
        (error: unknown) => error,
      );
      const sent = bench.api.settleRequests.slice(before).flatMap(({ results }) => results);
      expect(new Set(sent.map(({ rowId, columnId }) => `${rowId} ${columnId}`)).size).toBe(sent.length);
      if (failure === undefined) expect(sent).toHaveLength(ROWS);
      else {
        const report = bench.api.failures.at(-1);
        expect((failure as WorkflowFailedError).cause?.cause).toMatchObject({ details: [{ code: report?.code }] });
        expect(report?.message).toMatch(REASON);
      }
      for (const [row, name] of names.entries()) {
        const cell = bench.api.settled.get(`${rowOf(page.jobId, name)} ${columnOf(row)}`);
        if (cell !== undefined) await expectHonest(name, columnOf(row), cell);
      }
      expect((await bench.sandbox.faultHits()).reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0);
      expect(JSON.stringify(await page.handle.fetchHistory())).not.toContain(CANARY);
    },
  );

  test('gave errors for many different reasons, none of which repeats what was asked or answered', () => {
    expect(bench.api.settled.size).toBeGreaterThan(100);
    expect(codes.size).toBeGreaterThan(3);
    const told = [...bench.api.settled.values()].map(({ reason, provenance }) => ({ reason, provenance }));
    expect(JSON.stringify([told, bench.api.failures])).not.toContain(CANARY);
    expect(worker.output()).not.toContain(CANARY);
  });
});
