import { afterEach, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { waitUntil } from '@uno/testing';
import { PAGE_FAILED_FAILURE } from '@uno/workflow-contracts';
import type { FillPageInput, FillPageResult, OpenRow } from '@uno/workflow-contracts';
import { readBooks } from '../src/jobs/books.js';
import { settleCells } from '../src/pages/settle-cells.js';
import { readStepPage } from '../src/pages/step-page.js';
import { runningJobs, serversForThisFile } from './workflow-fixture.js';
import type { RunningJobs } from './workflow-fixture.js';

const { billing, side } = await serversForThisFile();
let jobs: RunningJobs;
afterEach(() => jobs.stop());

interface TestColumn {
  readonly service: string;
  /** Columns that it names, by their place. */
  readonly on?: readonly number[];
  readonly taskQueue?: string;
}

/** A list whose columns are filled by these services; what a service writes is its id around what it read. */
async function graphOf(rows: number, columns: readonly TestColumn[]): Promise<void> {
  jobs = await runningJobs(side, billing, { rows, columns: columns.length });
  for (const [no, { service, on = [], taskQueue = 'enrich' }] of columns.entries()) {
    const dependsOn = on.map((input) => jobs.columnIds[input]);
    await jobs.admin(
      `insert into service select $1, title, description, entity_types, returns, price, capabilities, $2, contract_version,
         'references', '{"additionalProperties": {"x-uno-reference": "name"}}', 1, absent_after_seconds
       from service where id = 'enrich' on conflict do nothing`,
      [service, taskQueue],
    );
    await jobs.admin('update list_column set service_id = $2, depends_on = $3, config = $4 where id = $1', [
      ...[jobs.columnIds[no], service, dependsOn],
      Object.fromEntries(dependsOn.map((id, place) => [`input ${place}`, id])),
    ]);
  }
  jobs.behave = (input) => fillStep(input);
}

async function serviceOf({ jobId, pageNo, stepNo }: FillPageInput): Promise<string> {
  const [step] = await jobs.admin<{ service_id: string }>(
    'select service_id from job_step where job_id = $1 and page_no = $2 and step_no = $3',
    [jobId, pageNo, stepNo],
  );
  return step?.service_id ?? '';
}

const NONE = { filled: 0, notFound: 0, error: 0, skipped: 0 };

async function fillStep(input: FillPageInput): Promise<FillPageResult> {
  const { jobId, pageNo, stepNo, fence } = input;
  const step = { pageNo, stepNo, serviceId: await serviceOf(input) };
  const by = { workspaceId: jobs.workspaceId, jobId, fence };
  const page = await readStepPage(jobs.database, by, step);
  const valueOf = ({ inputs = {} }: Pick<OpenRow, 'inputs'>): string =>
    `${step.serviceId}(${Object.values(inputs).map(String).sort().join()})`;
  const results = (page?.rows ?? []).flatMap((row) =>
    row.columnIds.map((columnId) => ({ rowId: row.rowId, columnId, status: 'filled' as const, value: valueOf(row) })),
  );
  if (results.length > 0) await settleCells(jobs.database, by, step, results);
  return { ...NONE, filled: results.length };
}

const values = async (): Promise<unknown[]> => {
  const found = await jobs.admin<{ value: string }>('select distinct value from cell order by value');
  return found.map(({ value }) => value);
};

const opened = async (): Promise<number> => (await jobs.admin('select 1 from job_page')).length;
const settledBy = async (service: string): Promise<number> =>
  (
    await jobs.admin(
      'select 1 from cell c join list_column l on l.id = c.column_id where l.service_id = $1 and c.status = $2',
      [...[service, 'filled']],
    )
  ).length;
const books = (jobId: string) => readBooks(jobs.database, billing.client, { workspaceId: jobs.workspaceId, jobId });

async function replays(jobId: string): Promise<void> {
  const handle = jobs.client.workflow.getHandle(`job:${jobId}`);
  await Worker.runReplayHistory({ workflowBundle: side.bundles.jobs }, await handle.fetchHistory(), `job:${jobId}`);
}

describe('the steps of a page', () => {
  test('begin when those that they depend on are done, and read what these wrote', async () => {
    await graphOf(2, [
      { service: 'first' },
      { service: 'late' },
      { service: 'second', on: [0] },
      { service: 'third', on: [2, 1] },
    ]);
    let secondIsDone = false;
    jobs.behave = async (input) => {
      const service = await serviceOf(input);
      // It waits for a step of a later level: were levels waited for, it would wait for ever.
      if (service === 'late') await waitUntil(() => secondIsDone, { what: 'the second step' });
      const result = await fillStep(input);
      if (service === 'second') secondIsDone = true;
      return result;
    };
    await jobs.startWorkers();
    const { id } = await jobs.accept();
    expect(await jobs.final(id)).toMatchObject({ state: 'completed', totals: { filled: 8 } });
    expect(await values()).toEqual(['first()', 'late()', 'second(first())', 'third(late(),second(first()))']);
    expect(await books(id)).toMatchObject({ closed: true, capturedCells: 8, differences: [] });
    await replays(id);
    await jobs.record('completed-in-steps', id);
  });

  test('are all undone when one of them cannot go on while others run', async () => {
    await graphOf(3, [{ service: 'first' }, { service: 'stuck', taskQueue: 'nobody' }, { service: 'second', on: [0] }]);
    jobs.behave = async (input) => {
      if ((await serviceOf(input)) !== 'second' || input.pageNo !== 1) return fillStep(input);
      const detail = { code: 'provider_unavailable', service: 'second', page: input.pageNo, step: input.stepNo };
      throw ApplicationFailure.nonRetryable('The page cannot go on', PAGE_FAILED_FAILURE, detail);
    };
    await jobs.startWorkers();
    const { id } = await jobs.accept();
    expect(await jobs.final(id)).toMatchObject({
      ...{ state: 'failed', totals: { open: 9, pending: 0 } },
      failure: { code: 'provider_unavailable', service: 'second', page: 1 },
    });
    expect((await jobs.cells()).filter(({ status }) => status !== 'blank')).toEqual([]);
    expect(await books(id)).toMatchObject({ closed: true, openHolds: 0, capturedCells: 0, differences: [] });
  });
});

describe('a service that is away', () => {
  test('holds its own columns up alone, for a bounded number of pages, and the job goes on when it is back', async () => {
    await graphOf(27, [
      { service: 'there' },
      { service: 'away', taskQueue: 'away' },
      { service: 'on-there', on: [0] },
      { service: 'on-away', on: [1] },
    ]);
    const underWay = new Map<string, number>();
    let most = 0;
    jobs.behave = async (input) => {
      const service = await serviceOf(input);
      const pages = (underWay.get(service) ?? 0) + 1;
      underWay.set(service, pages);
      most = Math.max(most, pages);
      return fillStep(input).finally(() => underWay.set(service, (underWay.get(service) ?? 0) - 1));
    };
    await jobs.startWorkers();
    const { id } = await jobs.accept();
    await waitUntil(async () => (await settledBy('on-there')) === 24, { what: 'the columns of who is there' });
    expect(await opened()).toBe(24);
    expect(await settledBy('there')).toBe(24);
    expect((await jobs.view(id)).credits.captured).toBe(0);
    await jobs.admin(`update job_page set opened_at = opened_at - interval '70 seconds'`);
    expect((await jobs.view(id)).waitingFor).toMatchObject([{ service: 'away', pages: 24, cells: 24 }]);
    // A page's cells are settled before its child has ended.
    const children = async (): Promise<number> =>
      (await jobs.client.workflow.getHandle(`job:${id}`).describe()).raw.pendingChildren?.length ?? 0;
    await waitUntil(async () => (await children()) === 4, { what: 'the children of who is there to have ended' });
    await jobs.startTeam('away');
    expect(await jobs.final(id)).toMatchObject({ state: 'completed', totals: { filled: 108 } });
    expect(most).toBeLessThanOrEqual(4);
    expect(await values()).toEqual(['away()', 'on-away(away())', 'on-there(there())', 'there()']);
    const pages = await jobs.admin<{ page_no: number }>('select page_no from job_page order by opened_at');
    expect(pages.map(({ page_no }) => page_no)).toEqual(Array.from({ length: 27 }, (_, no) => no));
    await replays(id);
  });

  test('that falls silent in the middle of a page is named too', async () => {
    await graphOf(2, [{ service: 'there' }, { service: 'silent' }]);
    jobs.behave = async (input) => {
      const result = (await serviceOf(input)) === 'there' ? await fillStep(input) : NONE;
      if (result !== NONE) return result;
      const by = { workspaceId: jobs.workspaceId, jobId: input.jobId, fence: input.fence };
      await readStepPage(jobs.database, by, { ...input, serviceId: 'silent' });
      throw new Error('gone');
    };
    await jobs.startWorkers();
    const { id } = await jobs.accept();
    const [silent, there] = [`select 1 from job_step where opened_at is not null and service_id = 'silent'`, 'there'];
    await waitUntil(async () => (await jobs.admin(silent)).length === 2 && (await settledBy(there)) === 2, {
      what: 'the steps to be opened',
    });
    await jobs.admin(`update job_page set opened_at = opened_at - interval '90 seconds'`);
    await jobs.admin(`update job_step set opened_at = opened_at - interval '80 seconds'`);
    expect((await jobs.view(id)).waitingFor).toBeUndefined();
    await jobs.admin(`update service set last_seen_at = now() - interval '70 seconds'`);
    expect((await jobs.view(id)).waitingFor).toMatchObject([{ service: 'silent', pages: 2, cells: 2 }]);
    const absent = `select service_id from absent_steps(60, 10)`;
    expect(await jobs.admin(absent)).toEqual([{ service_id: 'silent' }]);
    jobs.behave = (input) => fillStep(input);
    expect((await jobs.final(id)).state).toBe('completed');
  });
});

describe('a job under a ceiling', () => {
  test('fills its rows in their order although pages run ahead', async () => {
    await graphOf(30, [{ service: 'first' }, { service: 'second', on: [0] }]);
    await jobs.startWorkers();
    const { id } = await jobs.accept({ maxCredits: 21 });
    expect(await jobs.final(id)).toMatchObject({
      ...{ state: 'completed', totals: { filled: 21, skipped: 39 }, skippedBy: { ceiling: 39 } },
    });
    const filled = await jobs.admin<{ row_no: number }>(
      `select r.row_no from cell c join list_row r on r.id = c.row_id where c.status = 'filled' order by r.row_no`,
    );
    expect(filled.map(({ row_no }) => row_no)).toEqual(
      [...Array.from({ length: 10 }, (_, no) => [no + 1, no + 1]), 11].flat(),
    );
    expect(await books(id)).toMatchObject({ closed: true, capturedCells: 21, differences: [] });
  });
});
