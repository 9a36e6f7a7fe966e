import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { WorkflowFailedError } from '@temporalio/client';
import { signalsService } from '@uno/signals-contract';
import {
  assertBundleBoundary,
  rowOf,
  type StartedPage,
  type TestPage,
  type WorkerBench,
  type WorkerUnderTest,
} from '@uno/worker-kit/testing';
import type { CellResult, OpenRow } from '@uno/workflow-contracts';
import fc from 'fast-check';
import { callsTo, latestEventIn, ROUTES, type Question } from './signals-sandbox.js';
import { startBench } from './worker-bench.js';

const CANARY = 'canary-0e57';
const SEED = 20_261_123;
const ROUNDS = 4;
const REASON = /\bLusha \w+ .+\. [A-Z].+\.$/;

const NEWS: Question = { entityType: 'company', kinds: ['funding', 'news'], withinDays: 200 };
const HIRING: Question = { entityType: 'company', kinds: ['hiring'], withinDays: 365 };
const JOB: Question = { entityType: 'contact', kinds: ['job_change'], withinDays: 365 };

type Row = Pick<OpenRow, 'identity'> & Partial<Pick<OpenRow, 'memory'>>;

/** A page whose rows are named by the keys under which the sandbox knows them. */
function pageOf(
  questions: Readonly<Record<string, Question>>,
  rows: Readonly<Record<string, Row>>,
): Omit<TestPage, 'jobId' | 'fence'> {
  const columns = Object.entries(questions).map(([columnId, { kinds, withinDays }]) => ({
    columnId,
    config: { kinds: [...kinds], withinDays },
  }));
  const columnIds = columns.map(({ columnId }) => columnId);
  return {
    ...{ workspaceId: 'ws_1', entityType: Object.values(questions)[0]?.entityType ?? 'company', columns },
    rows: Object.entries(rows).map(([rowId, row]) => ({ rowId, columnIds, inputs: row.identity, ...row })),
  };
}

const companies = (count: number, prefix = 'Company'): Record<string, Row> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${prefix} ${index}`, { identity: { name: `${prefix} ${index}` } }]),
  );

const EVERY_FAULT: readonly (readonly [string, object?])[] = [
  ...([['latency', { ms: 200 }], ['rate_limited'], ['rate_limited', { retryAfterSeconds: 1 }]] as const),
  ...([['server_error', { status: 503 }], ['hang'], ['reset_after_count'], ['slow_drip', { ms: 5_000 }]] as const),
  ...([['wrong_schema'], ['wrong_schema', { part: 'items' }], ['wrong_schema', { part: 'references' }]] as const),
  ...([['html_body'], ['oversized_body'], ['empty_result'], ['partial_batch']] as const),
  ...([
    ['item_error', { code: 'COMPLIANCE_RESTRICTED' }],
    ['item_error', { code: 'ENRICH_FAILED' }],
  ] as const),
  ...([['unauthorized'], ['forbidden']] as const),
];

/** Every fault once, in rounds; those that fail a page hit one call in thirty, the others every third. */
function drawRounds(): Readonly<Record<string, unknown>>[][] {
  const order = fc.shuffledSubarray([...EVERY_FAULT], { minLength: EVERY_FAULT.length });
  const [faults = []] = fc.sample(order, { seed: SEED, numRuns: 1 });
  const drawn = faults.map(([fault, params]) => ({
    ...{ provider: 'lusha', fault, ...(params && { params }) },
    probability: ['unauthorized', 'forbidden'].includes(fault) ? 0.03 : 0.3,
  }));
  return Array.from({ length: ROUNDS }, (_, round) => drawn.filter((_fault, index) => index % ROUNDS === round));
}

describe('the signals worker as a process', () => {
  let bench: WorkerBench;
  let worker: WorkerUnderTest;
  let before = 0;

  beforeAll(async () => {
    bench = await startBench();
    worker = await bench.startWorker();
  });

  afterAll(async () => {
    await bench.stop();
  });

  beforeEach(async () => {
    await bench.sandbox.reset('1');
    before = (await bench.sandbox.calls()).length;
  });

  const cellOf = ({ jobId }: StartedPage, row: string, column: string): CellResult | undefined =>
    bench.api.settled.get(`${rowOf(jobId, row)} ${column}`);

  async function expectLatest(
    page: StartedPage,
    keys: readonly string[],
    questions: Readonly<Record<string, Question>>,
  ): Promise<void> {
    for (const key of keys) {
      for (const [column, question] of Object.entries(questions)) {
        expect(cellOf(page, key, column)?.value).toEqual(await latestEventIn(bench.sandbox, key, question));
      }
    }
  }

  test('registers its service, and runs a bundle of workflow code alone', async () => {
    expect(bench.api.registrations.at(-1)).toEqual(signalsService.registration);
    const code = await readFile(new URL('../dist/workflow-bundle.js', import.meta.url), 'utf8');
    expect(() => assertBundleBoundary(code)).not.toThrow();
  });

  test('fills companies and contacts, and what it remembers saves the searches of the next fill', async () => {
    const questions = { news: NEWS, hiring: HIRING };
    const first = await bench.startPage(pageOf(questions, companies(20)));
    await first.handle.result();
    await expectLatest(first, Object.keys(companies(20)), questions);
    expect(await callsTo(bench.sandbox, ROUTES.company.search, before)).toHaveLength(4);
    expect(await callsTo(bench.sandbox, ROUTES.company.signals, before)).toHaveLength(4);

    const known = Object.entries(companies(20)).flatMap(([name, row]) => {
      const memory = bench.api.memories.get(rowOf(first.jobId, name));
      return memory === undefined ? [] : [[name, { ...row, memory }] as const];
    });
    expect(known.length).toBeGreaterThan(5);
    before = (await bench.sandbox.calls()).length;
    const second = await bench.startPage(pageOf(questions, Object.fromEntries(known)));
    await second.handle.result();
    await expectLatest(
      second,
      known.map(([name]) => name),
      questions,
    );
    expect(await callsTo(bench.sandbox, ROUTES.company.search, before)).toEqual([]);

    const people = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [
        `ada${index}@acme.com`,
        { identity: { email: `ada${index}@acme.com` } },
      ]),
    );
    const contacts = await bench.startPage(pageOf({ job: JOB }, people));
    await contacts.handle.result();
    await expectLatest(contacts, Object.keys(people), { job: JOB });
  });

  test('tells all replicas of a 429, and fills everything all the same', async () => {
    await bench.sandbox.setFaults([{ provider: 'lusha', fault: 'rate_limited', times: 3 }]);
    const reports = (): number => bench.api.leases.filter(({ throttledForMs }) => throttledForMs !== undefined).length;
    const reportsBefore = reports();
    const page = await bench.startPage(pageOf({ news: NEWS }, companies(20)));
    await page.handle.result();
    await expectLatest(page, Object.keys(companies(20)), { news: NEWS });
    expect(reports() - reportsBefore).toBe(3);
  });

  test('fails the page with a code alone when the provider refuses the account, and keeps the reason at home', async () => {
    await bench.sandbox.setFaults([{ provider: 'lusha', fault: 'out_of_credits' }]);
    const page = await bench.startPage(pageOf({ news: NEWS }, companies(3, CANARY)));
    const failure = (await page.handle.result().catch((error: unknown) => error)) as WorkflowFailedError;
    const details = [{ code: 'provider_out_of_credits', service: 'signals' }];
    expect(failure.cause?.cause).toMatchObject({ type: 'PageFailed', nonRetryable: true, details });
    expect(bench.api.failures.at(-1)?.message).toMatch(REASON);
    expect(JSON.stringify(await page.handle.fetchHistory())).not.toContain(CANARY);
  });

  describe(`under random faults, seed ${SEED}`, () => {
    const reasons = new Set<string>();

    test.each(drawRounds().map((faults, round) => [round, faults] as const))(
      'leaves no cell of round %d open or without a reason, and settles none twice',
      async (round, faults) => {
        await bench.sandbox.reset(`${SEED}:${round}`);
        await bench.sandbox.setFaults(faults);
        const settledBefore = bench.api.settleRequests.length;
        const questions = { news: NEWS, hiring: HIRING };
        const rows = companies(30, `${CANARY} ${round}`);
        const page = await bench.startPage(pageOf(questions, rows));
        const failure: unknown = await page.handle.result().then(
          () => undefined,
          (error: unknown) => error,
        );
        const sent = bench.api.settleRequests.slice(settledBefore).flatMap(({ results }) => results);
        expect(new Set(sent.map(({ rowId, columnId }) => `${rowId} ${columnId}`)).size).toBe(sent.length);
        if (failure === undefined) expect(sent).toHaveLength(60);
        else expect(bench.api.failures.at(-1)?.message).toMatch(REASON);
        for (const name of Object.keys(rows)) {
          for (const [column, question] of Object.entries(questions)) {
            const cell = cellOf(page, name, column);
            if (cell?.status === 'filled') {
              expect(cell.value).toEqual(await latestEventIn(bench.sandbox, name, question));
            }
            if (cell?.status === 'error') expect(cell.reason?.message).toMatch(REASON);
            if (cell?.reason !== undefined) reasons.add(cell.reason.code);
          }
        }
        expect((await bench.sandbox.faultHits()).reduce((sum, hits) => sum + hits, 0)).toBeGreaterThan(0);
        expect(JSON.stringify(await page.handle.fetchHistory())).not.toContain(CANARY);
      },
    );

    test('has told many reasons, none of which repeats what was looked up', () => {
      expect(reasons.size).toBeGreaterThan(2);
      const told = [...bench.api.settled.values()].map(({ reason, provenance }) => ({ reason, provenance }));
      expect(JSON.stringify([told, bench.api.failures])).not.toContain(CANARY);
      expect(worker.output()).not.toContain(CANARY);
    });
  });
});
