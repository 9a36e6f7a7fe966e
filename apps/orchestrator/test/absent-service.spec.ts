import { afterEach, describe, expect, test } from '@jest/globals';
import { SERVICE_ABSENT_SIGNAL, jobWorkflowId } from '@uno/workflow-contracts';
import { waitUntil } from '@uno/testing';
import { signalAbsentServices } from '../src/jobs/absent-services.js';
import { readBooks } from '../src/jobs/books.js';
import { openPage } from '../src/pages/open-page.js';
import { readStepPage } from '../src/pages/step-page.js';
import { absentServicesDuty } from '../src/reconciler/absent-services.js';
import { runningJobs, serversForThisFile } from './workflow-fixture.js';
import type { RunningJobs } from './workflow-fixture.js';

const { billing, side } = await serversForThisFile();
let jobs: RunningJobs;
afterEach(() => jobs.stop());

/** Lets time pass for the pages of all jobs, and for the sign of life of the service (absent after 60 s) where it gave none. */
async function pass(seconds: number, { heard = false } = {}): Promise<void> {
  await jobs.admin('update job_page set opened_at = opened_at - make_interval(secs => $1)', [seconds]);
  await jobs.admin('update service set last_seen_at = clock_timestamp() - make_interval(secs => $1)', [
    heard ? 0 : seconds,
  ]);
}
const absent = () => jobs.admin('select job_id, page_no, step_no, service_id from absent_steps(60, 10)');
const waiting = async (jobId: string) => (await jobs.view(jobId)).waitingFor;
const opened = (jobId: string, pages: number) =>
  waitUntil(async () => (await jobs.admin('select 1 from job_page where job_id = $1', [jobId])).length >= pages, {
    what: `${pages} open pages`,
  });

describe('what a job waits for', () => {
  test('is the service whose worker did not open a step within a minute, with how much and since when', async () => {
    jobs = await runningJobs(side, billing, { rows: 30, columns: 2 });
    const by = await jobs.begin((await jobs.accept()).id);
    await openPage(jobs.database, by, 0);
    await openPage(jobs.database, by, 1);
    await pass(50);
    expect(await waiting(by.jobId)).toBeUndefined();
    await pass(15);
    const [since] = await jobs.admin<{ at: Date }>('select min(opened_at) as at from job_page');
    const all = [{ service: 'enrich', pages: 2, cells: 60, since: since?.at.toISOString() }];
    expect(await waiting(by.jobId)).toEqual(all);
    await readStepPage(jobs.database, by, { pageNo: 0, stepNo: 0, serviceId: 'enrich' });
    expect(await waiting(by.jobId)).toMatchObject([{ pages: 1, cells: 20 }]);
    await jobs.admin(`update job set state = 'compensating'`);
    expect(await waiting(by.jobId)).toBeUndefined();
  });

  test('is not a step that waits for another, and once that is done it counts from then', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 2 });
    const [first = '', second = ''] = jobs.columnIds;
    await jobs.admin('update list_column set depends_on = array[$1] where id = $2', [first, second]);
    const by = await jobs.begin((await jobs.accept()).id);
    await openPage(jobs.database, by, 0);
    await pass(100);
    expect(await waiting(by.jobId)).toMatchObject([{ service: 'enrich', pages: 1, cells: 3 }]);
    expect(await absent()).toMatchObject([{ page_no: 0, step_no: 0 }]);
    await jobs.admin('update list_row set deleted_at = now() where id = $1', [jobs.rowIds[2]]);
    await jobs.fillPage(by, 0);
    expect(await waiting(by.jobId)).toBeUndefined();
    expect(await absent()).toEqual([]);
    await jobs.admin('alter table cell_version disable trigger cell_version_append_only');
    await jobs.admin(`update cell_version set created_at = created_at - interval '70 seconds'`);
    expect(await waiting(by.jobId)).toMatchObject([{ pages: 1, cells: 3 }]);
    expect(await absent()).toMatchObject([{ page_no: 0, step_no: 1 }]);
  });
});

describe('a service that is absent for longer than it may', () => {
  test('fails the page and the job, which is undone at once, and the reason names the service and what to do', async () => {
    jobs = await runningJobs(side, billing, { rows: 30, columns: 1 });
    await jobs.startWorkers({}, 'absent');
    const job = await jobs.accept();
    await opened(job.id, 2);
    const tell = () => signalAbsentServices(jobs.database, jobs.client);
    await pass(50);
    expect(await tell()).toBe(0);
    await pass(70);
    expect(await tell()).toBe(1);
    const { state, failure, totals } = await jobs.final(job.id);
    expect(state).toBe('failed');
    expect(failure).toMatchObject({ code: 'service_absent', service: 'enrich', page: 0, step: 0 });
    expect(failure?.message).toMatch(/service "enrich".*Ask its team to start a worker/);
    expect(totals).toMatchObject({ open: 30, pending: 0 });
    expect(
      await readBooks(jobs.database, billing.client, { workspaceId: jobs.workspaceId, jobId: job.id }),
    ).toMatchObject({
      ...{ closed: true, openHolds: 0, pendingCells: 0, capturedCells: 0, differences: [] },
    });
    expect(await tell()).toBe(0);
    await jobs.record('service-absent', job.id);
  });

  test('stops a segment of a large job in the same way', async () => {
    jobs = await runningJobs(side, billing, { rows: 250, columns: 1 });
    await jobs.admin('update service set max_page_rows = 1');
    await jobs.startWorkers({}, 'absent');
    const job = await jobs.accept();
    await opened(job.id, 4);
    await pass(120);
    // A process that has just begun tells nobody: the team may be beginning too.
    expect(await absentServicesDuty(jobs.database, jobs.client).run('tick')).toBe(0);
    expect(await signalAbsentServices(jobs.database, jobs.client)).toBe(1);
    expect(await jobs.final(job.id)).toMatchObject({ state: 'failed', failure: { code: 'service_absent' } });
    expect((await jobs.view(job.id)).totals).toMatchObject({ open: 250, pending: 0 });
  });

  test('is not one that was heard of lately: it has a long queue; nor does a broken signal do harm', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 1 });
    await jobs.startWorkers({}, 'absent');
    const job = await jobs.accept();
    await opened(job.id, 1);
    await pass(120, { heard: true });
    expect(await signalAbsentServices(jobs.database, jobs.client)).toBe(0);
    expect(await waiting(job.id)).toMatchObject([{ service: 'enrich', pages: 1, cells: 3 }]);
    await jobs.client.workflow.getHandle(jobWorkflowId(job.id)).signal(SERVICE_ABSENT_SIGNAL, { page: 'x' });
    await jobs.stopWorkers();
    await jobs.startWorkers();
    expect((await jobs.final(job.id)).state).toBe('completed');
    expect(await waiting(job.id)).toBeUndefined();
  });

  test('is told to the other jobs though one has no workflow', async () => {
    jobs = await runningJobs(side, billing, { rows: 3, columns: 1 });
    await jobs.startWorkers({}, 'absent');
    const [lost, job] = [await jobs.accept({ scope: { type: 'rows', rowIds: [jobs.rowIds[0]] } }), await jobs.accept()];
    await opened(lost.id, 1);
    await opened(job.id, 1);
    await jobs.client.workflow.getHandle(jobWorkflowId(lost.id)).terminate();
    await pass(120);
    expect(await signalAbsentServices(jobs.database, jobs.client)).toBe(1);
    expect((await jobs.final(job.id)).state).toBe('failed');
  });
});
