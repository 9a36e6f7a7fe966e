import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import { completeJob, fenceJob, finishJob } from '../src/jobs/job-state.js';
import { lockJob } from '../src/jobs/job-lock.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { steerJob } from '../src/jobs/steer-job.js';
import { openPage } from '../src/pages/open-page.js';
import { restorePage } from '../src/pages/restore-page.js';
import { sealPage } from '../src/pages/seal-page.js';
import { settleCells } from '../src/pages/settle-cells.js';
import { readStepPage } from '../src/pages/step-page.js';
import { jobFixture } from './job-fixture.js';
import type { JobFixture } from './job-fixture.js';

const FAILED = { target: 'failed', failure: { code: 'internal' } } as const;
const SUPERSEDED = { type: 'Superseded', nonRetryable: true };
const LOCK_WAITS = "select 1 from pg_locks where locktype = 'advisory' and not granted";
const STEP = { pageNo: 0, stepNo: 0, serviceId: 'enrich' };

let fixture: JobFixture;
beforeEach(async () => {
  fixture = await jobFixture({ rows: 4, columns: 1 });
});
afterEach(() => fixture.stop());

async function running(request: Record<string, unknown> = {}): Promise<Fence> {
  const job = await fixture.accept(request);
  const by = await fixture.begin(job.id);
  await openPage(fixture.database, by, 0);
  return by;
}

const cancel = (by: Fence): Promise<void> =>
  fixture.database.inWorkspace(by.workspaceId, (sql) => steerJob(sql, by, { action: 'cancel', actor: 'key_test' }));

describe('rule R1, the fence', () => {
  test('a repeat of beginJob by the same run is answered as the first was, another run gets nothing', async () => {
    const job = await fixture.accept();
    const by = await fixture.begin(job.id, 'run-1');
    expect(await fixture.begin(job.id, 'run-1')).toEqual(by);
    await expect(fixture.begin(job.id, 'run-2')).rejects.toThrow('the job was not begun');
  });

  test('after a fence the former owner opens, seals, restores, completes and finishes nothing', async () => {
    const by = await running();
    await fenceJob(fixture.database, by, 'compensation:1', FAILED);
    const before = await fixture.cells();
    for (const write of [openPage, sealPage, restorePage]) {
      await expect(write(fixture.database, by, 0)).rejects.toMatchObject(SUPERSEDED);
    }
    await expect(openPage(fixture.database, by, 1)).rejects.toMatchObject(SUPERSEDED);
    await expect(completeJob(fixture.database, by)).rejects.toMatchObject(SUPERSEDED);
    await expect(finishJob(fixture.database, by)).rejects.toMatchObject(SUPERSEDED);
    expect(await fixture.cells()).toEqual(before);
  });

  test('a worker with an old fence reads nothing and settles nothing', async () => {
    const by = await running();
    const { workspaceId, jobId, fence } = by;
    const worker: Fence = { workspaceId, jobId, fence };
    const page = await readStepPage(fixture.database, worker, STEP);
    expect(page?.rows).toHaveLength(4);
    await fenceJob(fixture.database, by, 'compensation:1', FAILED);
    expect(await readStepPage(fixture.database, worker, STEP)).toBeUndefined();
    expect(await fixture.fillPage(by, 0).catch(() => 'refused')).toBe('refused');
    const result = { rowId: fixture.rowIds[0] ?? '', columnId: fixture.columnIds[0] ?? '', status: 'filled', value: 1 };
    expect(await settleCells(fixture.database, worker, STEP, [{ ...result, status: 'filled' }])).toBeUndefined();
    expect((await fixture.cells()).every(({ status }) => status === 'pending')).toBe(true);
  });

  test('a writer with the right fence and another owner is refused', async () => {
    const by = await running();
    await expect(sealPage(fixture.database, { ...by, owner: 'run-2' }, 0)).rejects.toMatchObject(SUPERSEDED);
  });

  test('a repeat of fenceJob succeeds with what was stored first, another compensator is refused', async () => {
    const by = await running({ onFailure: 'keep' });
    const first = await fenceJob(fixture.database, by, 'compensation:1', FAILED);
    expect(first).toEqual({ owner: 'compensation:1', fence: by.fence + 1, mode: 'keep', wroteOutside: false });
    const again = { target: 'cancelled' } as const;
    expect(await fenceJob(fixture.database, by, 'compensation:1', again)).toEqual(first);
    await expect(fenceJob(fixture.database, by, 'compensation:2', FAILED)).rejects.toMatchObject(SUPERSEDED);
    expect(await finishJob(fixture.database, { ...by, ...first })).toBe('failed');
  });

  test('taking over from a compensator is a compare-and-set that keeps its mode and target', async () => {
    const by = await running({ onFailure: 'keep', onCancel: 'rollback' });
    const first = await fenceJob(fixture.database, by, 'compensation:1', FAILED);
    const second = await fenceJob(fixture.database, { ...by, ...first }, 'compensation:2', { target: 'cancelled' });
    expect(second).toEqual({ owner: 'compensation:2', fence: by.fence + 2, mode: 'keep', wroteOutside: false });
    await expect(restorePage(fixture.database, { ...by, ...first }, 0)).rejects.toMatchObject(SUPERSEDED);
    expect(await finishJob(fixture.database, { ...by, ...second })).toBe('failed');
    expect(await fixture.admin('select 1 from job_control')).toEqual([]);
  });

  test('an acknowledged cancel wins over a failure, and takes the mode of cancels', async () => {
    const by = await running({ onFailure: 'rollback', onCancel: 'keep' });
    await cancel(by);
    const fenced = await fenceJob(fixture.database, by, 'compensation:1', FAILED);
    expect(fenced.mode).toBe('keep');
    expect(await finishJob(fixture.database, { ...by, ...fenced })).toBe('cancelled');
    expect((await fixture.view(by.jobId)).failure).toBeUndefined();
    const [control] = await fixture.admin<{ applied: boolean }>(
      'select applied_at is not null as applied from job_control',
    );
    expect(control?.applied).toBe(true);
  });

  test('a bare cancellation of the workflow is recorded as a cancel by temporal', async () => {
    const by = await running();
    const fenced = await fenceJob(fixture.database, by, 'compensation:1', { target: 'cancelled' });
    expect(await finishJob(fixture.database, { ...by, ...fenced })).toBe('cancelled');
    expect(await fixture.admin('select action, actor from job_control')).toEqual([
      { action: 'cancel', actor: 'temporal' },
    ]);
  });

  test('settles that race a fence are either complete before it or refused, and nothing is written after it', async () => {
    for (let round = 0; round < 15; round += 1) {
      const by = await running();
      const [columnId = ''] = fixture.columnIds;
      const settles = fixture.rowIds.map((rowId) =>
        settleCells(fixture.database, by, STEP, [{ rowId, columnId, status: 'filled', value: `round ${round}` }]),
      );
      const fenced = await fenceJob(fixture.database, by, `compensation:${round}`, FAILED);
      const atFence = await fixture.cells();
      const replies = await Promise.all(settles);
      expect(await fixture.cells()).toEqual(atFence);
      const written = atFence.filter(({ value }) => value === `round ${round}`).length;
      expect(written).toBe(replies.filter((reply) => reply !== undefined).length);
      await restorePage(fixture.database, { ...by, ...fenced }, 0);
      await finishJob(fixture.database, { ...by, ...fenced });
    }
  });

  test('a settle that waits for the lock of a fence sees the fence, though all its statements were sent before it', async () => {
    const by = await running();
    const [rowId = '', columnId = ''] = [fixture.rowIds[0], fixture.columnIds[0]];
    let settling: Promise<unknown> = Promise.resolve();
    await fixture.database.inWorkspace(by.workspaceId, async (sql) => {
      await lockJob(sql, by.jobId);
      settling = settleCells(fixture.database, by, STEP, [{ rowId, columnId, status: 'filled', value: 'late' }]);
      await waitUntil(async () => (await fixture.admin(LOCK_WAITS)).length === 1, { what: 'the settle to wait' });
      await sql.run('update job set fence = fence + 1 where workspace_id = $1 and id = $2', [by.workspaceId, by.jobId]);
    });
    expect(await settling).toBeUndefined();
    expect((await fixture.cells()).every(({ status }) => status === 'pending')).toBe(true);
  });
});
