import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CellResult } from '@uno/workflow-contracts';
import fc from 'fast-check';
import type { Fence } from '../src/jobs/job-lock.js';
import { completeJob, fenceJob, finishJob } from '../src/jobs/job-state.js';
import { openPage } from '../src/pages/open-page.js';
import { restorePage } from '../src/pages/restore-page.js';
import { sealPage } from '../src/pages/seal-page.js';
import { settleCells } from '../src/pages/settle-cells.js';
import { jobFixture } from './job-fixture.js';
import type { JobFixture } from './job-fixture.js';

let fixture: JobFixture;
beforeEach(async () => {
  fixture = await jobFixture({ rows: 6, columns: 2 });
});
afterEach(() => fixture.stop());

const SCHEDULES = 200;

/** One thing that happens, all of a schedule at once: cells as row × column numbers, in whatever order. */
type Step =
  | { readonly does: 'open' | 'seal' | 'undo'; readonly job: 0 | 1 }
  | { readonly does: 'settle'; readonly job: 0 | 1; readonly cells: readonly number[] }
  | { readonly does: 'edit'; readonly cell: number };

const job = fc.constantFrom(0 as const, 1 as const);
const cell = fc.integer({ min: 0, max: 11 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ does: fc.constant('open' as const), job }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('seal' as const), job }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('undo' as const), job }) },
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant('settle' as const), job, cells: fc.uniqueArray(cell, { minLength: 1 }) }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('edit' as const), cell }) },
);

const place = (no: number): { rowId: string; columnId: string } => ({
  rowId: fixture.rowIds[no % 6] ?? '',
  columnId: fixture.columnIds[Math.floor(no / 6)] ?? '',
});

async function undo(by: Fence): Promise<void> {
  const fenced = await fenceJob(fixture.database, by, `compensation:${by.jobId}`, { target: 'cancelled' });
  await restorePage(fixture.database, { ...by, ...fenced }, 0);
}

async function run(happens: Step, jobs: readonly [Fence, Fence]): Promise<void> {
  if (happens.does === 'edit') {
    const { rowId, columnId } = place(happens.cell);
    return fixture.edit(rowId, columnId, 'mine');
  }
  const by = jobs[happens.job];
  if (happens.does === 'settle') {
    const results = happens.cells.map((no): CellResult => ({ ...place(no), status: 'filled', value: by.jobId }));
    return void (await settleCells(fixture.database, by, { pageNo: 0, stepNo: 0, serviceId: 'enrich' }, results));
  }
  if (happens.does === 'open') return void (await openPage(fixture.database, by, 0));
  return happens.does === 'seal' ? sealPage(fixture.database, by, 0) : undo(by);
}

async function finish(by: Fence): Promise<void> {
  const head = await fixture.admin<{ owner: string; fence: number }>('select owner, fence from job where id = $1', [
    by.jobId,
  ]);
  const now = { ...by, ...head[0] };
  if (now.owner === by.owner) {
    await openPage(fixture.database, by, 0);
    await sealPage(fixture.database, by, 0);
    await completeJob(fixture.database, by);
  } else await restorePage(fixture.database, now, 0);
  await finishJob(fixture.database, now);
}

describe('rule R11, the order of locks', () => {
  test(`settles, seals, undos and edits by hand of two jobs over the same cells never deadlock, in ${SCHEDULES} schedules`, async () => {
    const refusals = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (schedule) => {
        const begin = async (runId: string): Promise<Fence> => fixture.begin((await fixture.accept()).id, runId);
        const jobs = [await begin('run-1'), await begin('run-2')] as const;
        await openPage(fixture.database, jobs[0], 0);
        const outcomes = await Promise.allSettled(schedule.map((happens) => run(happens, jobs)));
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') refusals.add(outcome.reason.type ?? outcome.reason);
        for (const by of jobs) await finish(by);
        for (const by of jobs) {
          const { totals } = await fixture.view(by.jobId);
          const { cells, open, filled, notFound, error, skipped } = totals;
          expect(totals.pending).toBe(0);
          expect(open + filled + notFound + error + skipped).toBe(cells);
        }
        expect((await fixture.cells()).filter(({ status }) => status === 'pending')).toEqual([]);
      }),
      { numRuns: SCHEDULES, seed: 11, endOnFailure: true },
    );
    expect([...refusals].filter((refusal) => refusal !== 'Superseded')).toEqual([]);
    expect(refusals.size).toBe(1);
  });

  test('the sequence of a list has no gap and its order is the order of commits', async () => {
    const by = await fixture.begin((await fixture.accept()).id);
    await openPage(fixture.database, by, 0);
    const seen: number[] = [];
    let writing = true;
    const watch = async (): Promise<void> => {
      while (writing) {
        const rows = await fixture.admin<{ seq: string }>('select seq from list_event order by seq');
        const numbers = rows.map(({ seq }) => Number(seq));
        // Whenever it is read, what is visible has no hole: a later number is never committed before an earlier one.
        expect(numbers).toEqual(numbers.map((_, index) => index + 1));
        seen.push(numbers.length);
      }
    };
    const writers = Array.from({ length: 12 }, (_, no) => async (): Promise<void> => {
      for (let round = 0; round < 5; round += 1) {
        const { rowId, columnId } = place(no);
        if (round === 2) {
          const step = { pageNo: 0, stepNo: 0, serviceId: 'enrich' };
          await settleCells(fixture.database, by, step, [{ rowId, columnId, status: 'filled', value: no }]);
        } else if (round > 2) await fixture.edit(rowId, columnId, 'mine');
        else await fixture.accept({ columnIds: [columnId] });
      }
    });
    const watching = watch();
    await Promise.all(writers.map((write) => write())).finally(() => (writing = false));
    await watching;
    const [counted] = await fixture.admin<{ seq: number; events: number }>(
      'select s.seq::integer, (select count(*)::integer from list_event) as events from list_sequence s',
    );
    expect(counted?.events).toBe(counted?.seq);
    expect(new Set(seen).size).toBeGreaterThan(1);
  });
});
