import { afterEach, describe, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { sleep } from '@uno/testing';
import type { Fence } from '../src/jobs/job-lock.js';
import { openPage } from '../src/pages/open-page.js';
import { runningJobs, serversForThisFile } from './workflow-fixture.js';
import type { RunningJobs } from './workflow-fixture.js';

/** What a local activity has before the same step runs as a regular one. */
const LOCAL_ACTIVITY_MS = 2_000;

const { billing, side } = await serversForThisFile();
let jobs: RunningJobs;
afterEach(() => jobs.stop());

/** What a worker that takes over would do: the history from its first event, on the same code. */
async function replays(jobId: string): Promise<void> {
  const handle = jobs.client.workflow.getHandle(`job:${jobId}`);
  await handle.result();
  await Worker.runReplayHistory({ workflowBundle: side.bundles.jobs }, await handle.fetchHistory(), `job:${jobId}`);
}

describe('a job goes on after its worker was killed', () => {
  test('although pages with nothing to fill are done as soon as they are opened', async () => {
    jobs = await runningJobs(side, billing, { rows: 2_100, columns: 1, credits: 10_000 });
    await jobs.startWorkers();
    const first = await jobs.accept();
    expect((await jobs.final(first.id)).state).toBe('completed');
    await replays(first.id);
    const [emptied] = jobs.rowIds.slice(-1);
    await jobs.admin(`update cell set status = 'blank', value = null, version_id = null where row_id = $1`, [emptied]);
    const second = await jobs.accept({ scope: { type: 'missing' } });
    expect(await jobs.final(second.id)).toMatchObject({ state: 'completed', totals: { filled: 1 } });
    await expect(replays(second.id)).resolves.toBeUndefined();
  });

  test('although no page had anything to fill', async () => {
    jobs = await runningJobs(side, billing, { rows: 2_100, columns: 1, credits: 10_000 });
    await jobs.startWorkers();
    const first = await jobs.accept();
    await jobs.final(first.id);
    const second = await jobs.accept({ scope: { type: 'missing' } });
    expect(await jobs.final(second.id)).toMatchObject({ state: 'completed', totals: { filled: 0 } });
    await expect(replays(second.id)).resolves.toBeUndefined();
  });

  test('although opening a page took longer than a local activity may', async () => {
    jobs = await runningJobs(side, billing, { rows: 100, columns: 1, credits: 10_000 });
    let calls = 0;
    const firstIsSlow = async (...[input]: unknown[]): Promise<unknown> => {
      calls += 1;
      if (calls === 1) await sleep(2 * LOCAL_ACTIVITY_MS);
      const page = input as Fence & { readonly pageNo: number };
      return openPage(jobs.database, page, page.pageNo);
    };
    await jobs.startWorkers({ openPage: firstIsSlow });
    const { id } = await jobs.accept();
    expect((await jobs.final(id)).state).toBe('completed');
    expect(calls).toBeGreaterThan(2);
    await expect(replays(id)).resolves.toBeUndefined();
  });
});
