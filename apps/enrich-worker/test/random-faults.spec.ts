import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import type { CellResult } from '@uno/workflow-contracts';
import fc from 'fast-check';
import { rowOf, type StartedPage, type WorkerBench, type WorkerUnderTest } from '@uno/worker-kit/testing';
import { pageOf, startBench } from './worker-bench.js';

const CANARY = 'canary-9b30';
const SEED = 20_261_122;
const ROUNDS = 8;
const ROWS = 30;
const COLUMNS = ['industry', 'employees'];
const REASON = /\b(Lusha|People Data Labs) \w+ .+\. [A-Z].+\.$/;

const EVERY_FAULT: readonly (readonly [string, object?])[] = [
  ['latency', { ms: 200 }],
  ['rate_limited'],
  ['rate_limited', { retryAfterSeconds: 1 }],
  ['rate_limited', { retryAfterSeconds: 1, asDate: true }],
  ['server_error', { status: 503 }],
  ['hang'],
  ['hang', { ms: 100 }],
  ['reset_after_count'],
  ['unauthorized'],
  ['out_of_credits'],
  ['forbidden'],
  ['slow_drip', { ms: 5_000 }],
  ['wrong_schema'],
  ['wrong_schema', { part: 'items' }],
  ['wrong_schema', { part: 'references' }],
  ['html_body'],
  ['html_body', { status: 502 }],
  ['oversized_body'],
  ['empty_result'],
  ['empty_result', { of: 'values' }],
  ['partial_batch'],
];
const ITEM_ERRORS = [
  { provider: 'lusha', code: 'COMPLIANCE_RESTRICTED' },
  { provider: 'lusha', code: 'ENRICH_FAILED' },
  { provider: 'pdl', code: 'api_error' },
].map(({ provider, code }) => ({ provider, fault: 'item_error', params: { code } }));
const ALL_FAULTS: readonly Readonly<{ provider: string; fault: string; params?: object }>[] = [
  ...['lusha', 'pdl'].flatMap((provider) =>
    EVERY_FAULT.map(([fault, params]) => ({ provider, fault, ...(params && { params }) })),
  ),
  ...ITEM_ERRORS,
];

/** Every fault once, in rounds; those that fail a page hit one call in twenty, the others every second. */
function drawRounds(): (typeof ALL_FAULTS)[number][][] {
  const order = fc.shuffledSubarray([...ALL_FAULTS], { minLength: ALL_FAULTS.length });
  const [faults = []] = fc.sample(order, { seed: SEED, numRuns: 1 });
  const fatal = ['unauthorized', 'out_of_credits', 'forbidden'];
  const chances = faults.map((each) => ({ ...each, probability: fatal.includes(each.fault) ? 0.05 : 0.5 }));
  return Array.from({ length: ROUNDS }, (_, round) => chances.filter((_fault, index) => index % ROUNDS === round));
}

describe(`random faults of both providers, seed ${SEED}`, () => {
  let bench: WorkerBench;
  let worker: WorkerUnderTest;

  beforeAll(async () => {
    bench = await startBench();
    worker = await bench.startWorker({
      ENRICH_LOOKUPS_PER_CALL: '5',
      ENRICH_CALL_TIMEOUT_SECONDS: '0.5',
      RETRY_BUDGET_SECONDS: '2',
    });
  });

  afterAll(async () => {
    await bench.stop();
  });

  const cellOf = ({ jobId }: StartedPage, name: string, column: string): CellResult | undefined =>
    bench.api.settled.get(`${rowOf(jobId, name)} ${column}`);

  /** A settled cell is filled with what a provider really knows, or says why not, in words. */
  async function expectHonest(name: string, column: string, cell: CellResult): Promise<void> {
    if (cell.status === 'filled') {
      const answers = await Promise.all(['lusha', 'pdl'].map((each) => bench.sandbox.answer(each, 'company', name)));
      expect(answers.map(({ values }) => values[column])).toContainEqual(cell.value);
      return;
    }
    expect(['not_found', 'error']).toContain(cell.status);
    if (cell.status === 'error') expect(cell.reason?.message).toMatch(REASON);
    expect(cell.reason?.code).toMatch(/^(provider_\w+|no_match|no_value)$/);
  }

  const reasons = new Set<string>();
  let errors = 0;

  test.each(drawRounds().map((faults, round) => [round, faults] as const))(
    'leave no cell of round %d open or without a reason, and settle none twice',
    async (round, faults) => {
      await bench.sandbox.reset(`${SEED}:${round}`);
      await bench.sandbox.setFaults(faults);
      const settledBefore = bench.api.settleRequests.length;
      const names = Array.from({ length: ROWS }, (_, index) => `${CANARY} ${round} ${index}`);
      const page = await bench.startPage(pageOf(names));
      const failure: unknown = await page.handle.result().then(
        () => undefined,
        (error: unknown) => error,
      );
      const sent = bench.api.settleRequests.slice(settledBefore).flatMap(({ results }) => results);
      expect(new Set(sent.map(({ rowId, columnId }) => `${rowId} ${columnId}`)).size).toBe(sent.length);
      if (failure === undefined) expect(sent).toHaveLength(ROWS * COLUMNS.length);
      else {
        expect(failure).toBeInstanceOf(WorkflowFailedError);
        const report = bench.api.failures.at(-1);
        expect((failure as WorkflowFailedError).cause?.cause).toMatchObject({ details: [{ code: report?.code }] });
        expect(report?.message).toMatch(REASON);
      }
      for (const name of names) {
        for (const column of COLUMNS) {
          const cell = cellOf(page, name, column);
          if (cell !== undefined) await expectHonest(name, column, cell);
          if (cell?.status !== 'error') continue;
          errors += 1;
          reasons.add(cell.reason?.code ?? '');
        }
      }
      const hits = (await bench.sandbox.faultHits()).reduce((sum, each) => sum + each, 0);
      expect(hits).toBeGreaterThan(0);
      expect(JSON.stringify(await page.handle.fetchHistory())).not.toContain(CANARY);
    },
  );

  test('gave many errors for many different reasons, none of which repeats what was looked up', () => {
    expect(bench.api.settled.size).toBeGreaterThan(200);
    expect(errors).toBeGreaterThan(10);
    expect(reasons.size).toBeGreaterThan(2);
    const told = [...bench.api.settled.values()].map(({ reason, provenance }) => ({ reason, provenance }));
    expect(JSON.stringify([told, bench.api.failures])).not.toContain(CANARY);
    expect(worker.output()).not.toContain(CANARY);
  });
});
