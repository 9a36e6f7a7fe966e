import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { completeJob, fenceJob, finishJob } from '../src/jobs/job-state.js';
import { openPage } from '../src/pages/open-page.js';
import { restorePage } from '../src/pages/restore-page.js';
import { sealPage } from '../src/pages/seal-page.js';
import { jobFixture } from './job-fixture.js';
import type { JobFixture } from './job-fixture.js';

describe('a page of a job', () => {
  let fixture: JobFixture;
  beforeEach(async () => {
    fixture = await jobFixture({ rows: 3, columns: 2 });
  });
  afterEach(() => fixture.stop());

  test('is opened, filled and sealed, and its manifest holds exactly the filled cells', async () => {
    const { database, rowIds, columnIds } = fixture;
    const job = await fixture.accept();
    expect(job).toMatchObject({ columnIds, columnNames: ['Column 1', 'Column 2'] });
    expect(job.totals).toMatchObject({ cells: 6, open: 6, pending: 0 });
    const by = await fixture.begin(job.id);
    expect(await openPage(database, by, 0)).toEqual({ outcome: 'opened', steps: [{ stepNo: 0, count: 6 }] });
    expect((await fixture.view(job.id)).totals).toMatchObject({ open: 0, pending: 6 });
    const unknown = rowIds[0];
    await fixture.fillPage(by, 0, (rowId) => (rowId === unknown ? { status: 'not_found', value: undefined } : {}));
    await sealPage(database, by, 0);
    const lines = await fixture.admin<{ row_id: string; price: number }>('select row_id, price from capture_line');
    expect(lines).toHaveLength(4);
    expect(lines.every(({ row_id, price }) => row_id !== unknown && price === 1)).toBe(true);
    expect((await fixture.view(job.id)).totals).toMatchObject({ filled: 4, notFound: 2, pending: 0 });
    const cells = await fixture.cells();
    expect(cells.filter(({ status }) => status === 'filled').map(({ value }) => value)).toEqual(
      rowIds.slice(1).flatMap((row) => columnIds.map((column) => `${row}/${column}`)),
    );
    await completeJob(database, by);
    expect(await finishJob(database, by)).toBe('completed');
  });

  test('gives every cell its former state back when the job is undone', async () => {
    const { database } = fixture;
    const first = await fixture.accept();
    const firstBy = await fixture.begin(first.id);
    await openPage(database, firstBy, 0);
    await fixture.fillPage(firstBy, 0, (_, columnId) =>
      columnId === fixture.columnIds[0]
        ? {}
        : { status: 'error', value: undefined, reason: { code: 'x', message: 'X.' } },
    );
    await sealPage(database, firstBy, 0);
    await completeJob(database, firstBy);
    await finishJob(database, firstBy);
    const before = await fixture.cells();

    const second = await fixture.accept();
    const by = await fixture.begin(second.id);
    await openPage(database, by, 0);
    await fixture.fillPage(by, 0, (rowId) =>
      rowId === fixture.rowIds[1] ? { status: 'not_found', value: undefined } : { value: 'new' },
    );
    await sealPage(database, by, 0);
    const fenced = await fenceJob(database, by, 'compensation:1', { target: 'failed', failure: { code: 'internal' } });
    await restorePage(database, { ...by, ...fenced }, 0);
    expect(await fixture.cells()).toEqual(before);
    expect(await finishJob(database, { ...by, ...fenced })).toBe('failed');
    expect((await fixture.view(second.id)).totals).toMatchObject({ cells: 6, open: 6, filled: 0 });
  });
});
