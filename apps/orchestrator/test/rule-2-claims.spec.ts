import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { finishJob, fenceJob } from '../src/jobs/job-state.js';
import { openPage } from '../src/pages/open-page.js';
import { sealPage } from '../src/pages/seal-page.js';
import { completeJob } from '../src/jobs/job-state.js';
import { jobFixture } from './job-fixture.js';
import type { JobFixture } from './job-fixture.js';

let fixture: JobFixture;
beforeEach(async () => {
  fixture = await jobFixture({ rows: 4, columns: 2 });
});
afterEach(() => fixture.stop());

const accepted = async (request: Record<string, unknown> = {}, runId = 'run-1') =>
  fixture.begin((await fixture.accept(request)).id, runId);

const claims = () =>
  fixture.admin<{ job_id: string; cells: number }>(
    `select job_id, count(*)::integer as cells from cell where status = 'pending' group by job_id order by job_id`,
  );

describe('rule R2, claims', () => {
  test('of two jobs that open the same cells at once one claims them all and the other counts them as busy', async () => {
    const jobs = [await accepted({}, 'run-1'), await accepted({}, 'run-2')];
    await Promise.all(jobs.map((by) => openPage(fixture.database, by, 0)));
    const views = await Promise.all(jobs.map(({ jobId }) => fixture.view(jobId)));
    expect(views.map(({ totals }) => totals.pending).sort()).toEqual([0, 8]);
    expect(views.map(({ skippedBy }) => skippedBy['busy'] ?? 0).sort()).toEqual([0, 8]);
    expect((await claims()).map(({ cells }) => cells)).toEqual([8]);
  });

  test('jobs over overlapping columns claim each cell once, whoever comes first', async () => {
    const [first = '', second = ''] = fixture.columnIds;
    for (let round = 0; round < 10; round += 1) {
      const jobs = [
        await accepted({ columnIds: [first, second] }, 'run-1'),
        await accepted({ columnIds: [second] }, 'run-2'),
        await accepted({ columnIds: [second, first] }, 'run-3'),
      ];
      await Promise.all(jobs.map((by) => openPage(fixture.database, by, 0)));
      const held = await claims();
      expect(held.reduce((sum, { cells }) => sum + cells, 0)).toBe(8);
      for (const by of jobs) {
        const { totals, skippedBy } = await fixture.view(by.jobId);
        expect(totals.pending).toBe(held.find(({ job_id }) => job_id === by.jobId)?.cells ?? 0);
        expect(totals.pending + (skippedBy['busy'] ?? 0)).toBe(totals.cells);
        await sealPage(fixture.database, by, 0);
        await completeJob(fixture.database, by);
        await finishJob(fixture.database, by);
      }
    }
  });

  test('a claim lasts until its job is final, even where the cell is settled', async () => {
    const first = await accepted({}, 'run-1');
    await openPage(fixture.database, first, 0);
    await fixture.fillPage(first, 0);
    await sealPage(fixture.database, first, 0);
    const second = await accepted({}, 'run-2');
    await openPage(fixture.database, second, 0);
    expect((await fixture.view(second.jobId)).skippedBy).toEqual({ busy: 8 });
    await completeJob(fixture.database, first);
    await finishJob(fixture.database, first);
    const third = await accepted({}, 'run-3');
    await openPage(fixture.database, third, 0);
    expect((await fixture.view(third.jobId)).totals.pending).toBe(8);
  });

  test('a cell edited by hand is skipped unless the job may overwrite edits', async () => {
    const [rowId = ''] = fixture.rowIds;
    const [columnId = ''] = fixture.columnIds;
    await fixture.edit(rowId, columnId, 'mine');
    const polite = await accepted({}, 'run-1');
    await openPage(fixture.database, polite, 0);
    expect((await fixture.view(polite.jobId)).skippedBy).toEqual({ edited: 1 });
    const fenced = await fenceJob(fixture.database, polite, 'compensation:1', { target: 'cancelled' });
    await finishJob(fixture.database, { ...polite, ...fenced });
    const bold = await accepted({ overwriteEdits: true }, 'run-2');
    await openPage(fixture.database, bold, 0);
    expect((await fixture.view(bold.jobId)).totals.pending).toBe(8);
  });

  test('eligibility is judged once: a page that is opened again answers what it was opened with', async () => {
    const by = await accepted({ scope: { type: 'missing' } });
    const [rowId = ''] = fixture.rowIds;
    const [columnId = ''] = fixture.columnIds;
    const opened = await openPage(fixture.database, by, 0);
    await fixture.edit(rowId, columnId, 'mine');
    const before = await fixture.cells();
    expect(await openPage(fixture.database, by, 0)).toEqual(opened);
    expect(await fixture.cells()).toEqual(before);
  });

  test('two tries to open a page at once are one opening, and both are answered', async () => {
    const by = await accepted();
    const tries = await Promise.all([1, 2, 3].map(() => openPage(fixture.database, by, 0)));
    expect(tries).toEqual(tries.map(() => ({ outcome: 'opened', steps: [{ stepNo: 0, count: 8 }] })));
    expect(await fixture.admin(`select distinct former_status from cell`)).toEqual([{ former_status: 'blank' }]);
  });

  test('rows added after the job was accepted belong to the next job', async () => {
    const by = await accepted();
    await fixture.admin(
      `insert into list_row (workspace_id, id, list_id, row_no, entity) values ($1, 'row_late', $2, 5, '{"Name": "Late"}')`,
      [fixture.workspaceId, fixture.listId],
    );
    await fixture.admin('update list_counter set last_row_no = 5');
    await openPage(fixture.database, by, 0);
    expect((await fixture.view(by.jobId)).totals).toMatchObject({ cells: 8, pending: 8, open: 0 });
    expect((await fixture.cells()).some(({ row_id }) => row_id === 'row_late')).toBe(false);
  });

  test('a row deleted after the job was accepted is skipped, one deleted just before it is not counted at all', async () => {
    const [before = '', after = ''] = fixture.rowIds;
    await fixture.admin('update list_row set deleted_at = now() where id = $1', [before]);
    const by = await accepted();
    await fixture.admin(`update job set created_at = '2026-01-01 00:00:00.123900+00'`);
    await fixture.admin(`update list_row set deleted_at = '2026-01-01 00:00:00.123500+00' where id = $1`, [before]);
    await fixture.admin('update list_row set deleted_at = now() where id = $1', [after]);
    await openPage(fixture.database, by, 0);
    const { totals, skippedBy } = await fixture.view(by.jobId);
    expect(totals).toMatchObject({ cells: 6, open: 0, pending: 4, skipped: 2 });
    expect(skippedBy).toEqual({ deleted: 2 });
  });

  test('scope missing claims what has no value, and counts the rest as left out by the scope', async () => {
    const [columnId = ''] = fixture.columnIds;
    const first = await accepted({ columnIds: [columnId] }, 'run-1');
    await openPage(fixture.database, first, 0);
    await fixture.fillPage(first, 0);
    await sealPage(fixture.database, first, 0);
    await completeJob(fixture.database, first);
    await finishJob(fixture.database, first);
    const second = await accepted({ scope: { type: 'missing' } }, 'run-2');
    await openPage(fixture.database, second, 0);
    const { totals, skippedBy } = await fixture.view(second.jobId);
    expect(totals).toMatchObject({ cells: 8, pending: 4, skipped: 4 });
    expect(skippedBy).toEqual({ scope: 4 });
  });
});
