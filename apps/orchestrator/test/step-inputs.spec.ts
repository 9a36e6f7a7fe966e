import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { stepPage } from '@uno/workflow-contracts';
import type { CellResult, StepPage } from '@uno/workflow-contracts';
import { beginJob, completeJob, fenceJob, finishJob } from '../src/jobs/job-state.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { openPage } from '../src/pages/open-page.js';
import { restorePage } from '../src/pages/restore-page.js';
import { sealPage } from '../src/pages/seal-page.js';
import { SERVICE_KEY } from './api-fixture.js';
import type { ApiFixture, Reply } from './api-fixture.js';
import { WRITER_KEY, columnsOfList, startGraphApi } from './column-graph-fixture.js';
import type { ColumnsOfList } from './column-graph-fixture.js';

const KEYS = [SERVICE_KEY, WRITER_KEY];
const INPUTS_ARE_BLANK = { code: 'inputs', message: 'Industry is empty in this row.' };

let api: ApiFixture;
let workspaceId: string;
let key: string;
let list: ColumnsOfList;
let industry: string;
let summary: string;
beforeAll(async () => {
  api = await startGraphApi();
  ({ id: workspaceId, apiKey: key } = await api.workspace());
});
beforeEach(async () => {
  list = await columnsOfList(api, key);
  industry = await list.lookup('Industry');
  summary = (await list.write('Summary', { text: '{{name}} {{Industry}}' })).body.id;
});
afterAll(() => api.stop());

/** A job over these columns whose only page is open. */
async function opened(columnIds: string[], rowIds?: readonly string[]): Promise<Fence> {
  const scope = rowIds ? { type: 'rows', rowIds } : { type: 'all' };
  const { body } = await list.call('POST', '/jobs', { columnIds, scope });
  const job = { workspaceId, jobId: body.id as string };
  const begun = await beginJob(api.database, job, `run ${job.jobId}`);
  if (!begun) throw new Error('the job was not begun');
  const by: Fence = { ...job, owner: begun.owner, fence: begun.fence };
  await openPage(api.database, by, 0);
  return by;
}

const call = (by: Fence, stepNo: number, rest: string, as: string, body?: unknown): Promise<Reply> =>
  api.call(body === undefined ? 'GET' : 'POST', `/internal/v1/jobs/${by.jobId}/pages/0/steps/${stepNo}${rest}`, {
    key: as,
    ...(body !== undefined && { body }),
  });

async function read(by: Fence, stepNo: number, as = KEYS[stepNo] ?? ''): Promise<StepPage> {
  const { status, body } = await call(by, stepNo, `?fence=${by.fence}`, as);
  expect(status).toBe(200);
  return stepPage.parse(body);
}

const settle = (by: Fence, stepNo: number, body: object, as = KEYS[stepNo] ?? ''): Promise<Reply> =>
  call(by, stepNo, '/results', as, { fence: by.fence, ...body });

const filled = (rowId: string | undefined, columnId: string, value: unknown): CellResult => ({
  ...{ rowId: rowId ?? '', columnId, status: 'filled', value: value as string },
});

async function finish(by: Fence): Promise<void> {
  await sealPage(api.database, by, 0);
  await completeJob(api.database, by);
  await finishJob(api.database, by);
}

const cell = async (no: number, columnId: string) =>
  (await list.call('GET', `/rows/${list.rowIds[no]}/cells/${columnId}`)).body;

describe('what a step is told about its rows', () => {
  test('is what the config names, as it is when the step begins, and the titles of that', async () => {
    const by = await opened([industry, summary]);
    const [a, b, c] = list.rowIds;
    const looked = await read(by, 0);
    expect(looked.rows[0]).toEqual({
      ...{
        rowId: a,
        columnIds: [industry],
        inputs: { name: 'Company 0' },
        identity: { name: 'Company 0' },
        memory: {},
      },
    });
    await settle(by, 0, {
      results: [
        filled(a, industry, 'Mining'),
        filled(b, industry, '  '),
        { rowId: c, columnId: industry, status: 'not_found' },
      ],
    });
    await list.call('PUT', `/rows/${c}/cells/${industry}`, { value: ['by', 'hand'] });
    await list.call('PATCH', `/columns/${industry}`, { name: 'Branch' });
    const page = await read(by, 1);
    expect(page).toMatchObject({
      columns: [{ columnId: summary, config: { text: `{{attr:name}} {{${industry}}}` } }],
      references: { 'attr:name': 'name', [industry]: 'Industry' },
      more: false,
    });
    expect(page.rows.map(({ inputs }) => inputs)).toEqual([
      { 'attr:name': 'Company 0', [industry]: 'Mining' },
      { 'attr:name': 'Company 1' },
      { 'attr:name': 'Company 2', [industry]: ['by', 'hand'] },
    ]);
    expect(page.rows[0]?.identity).toEqual({ name: 'Company 0' });
    const skipped = { rowId: b, columnId: summary, status: 'skipped', reason: INPUTS_ARE_BLANK };
    await settle(by, 1, { results: [filled(a, summary, 'x'), skipped] });
    const { body } = await api.call('GET', `/v1/jobs/${by.jobId}`, { key });
    expect(body).toMatchObject({
      skippedBy: { inputs: 1 },
      totals: { filled: 3, notFound: 1, skipped: 1, pending: 1 },
    });
    const inUse = await list.call('DELETE', `/columns/${industry}`);
    expect(inUse).toMatchObject({ status: 409, body: { code: 'column_in_use' } });
    await finish(by);
  });

  test('comes in several replies where it is much, and a row alone always comes', async () => {
    const [a, b, c] = list.rowIds;
    const MiB = 1_024 * 1_024;
    for (const [rowId, size] of [
      [a, 9],
      [b, 3],
      [c, 3],
    ] as const) {
      await api.admin(
        `insert into cell (workspace_id, row_id, column_id, list_id, status, value) values ($1, $2, $3, $4, 'filled', to_jsonb(repeat('x', $5)))`,
        [workspaceId, rowId, industry, list.listId, size * MiB],
      );
    }
    const by = await opened([summary]);
    const replies: (readonly [string[], boolean])[] = [];
    for (let more = true; more;) {
      const page = await read(by, 0, WRITER_KEY);
      ({ more } = page);
      replies.push([page.rows.map(({ rowId }) => rowId), more]);
      const results = page.rows.map(({ rowId }) => filled(rowId, summary, 'x'));
      await settle(by, 0, { results }, WRITER_KEY);
    }
    expect(replies).toEqual([
      [[a], true],
      [[b, c], false],
    ]);
    await finish(by);
  });
});

describe('what a service remembers about a row', () => {
  const memories = (...ids: string[]) =>
    ids.map((id, no) => ({ rowId: list.rowIds[no] ?? '', memory: { providerId: id } }));
  const remembered = async (): Promise<unknown[]> => {
    const by = await opened([industry]);
    const { rows } = await read(by, 0);
    await settle(by, 0, { results: rows.map(({ rowId }) => filled(rowId, industry, 'x')) });
    await finish(by);
    return rows.map(({ memory }) => memory);
  };

  test('is given back with the row, until what identifies the row changes', async () => {
    const by = await opened([industry]);
    const [a, b] = list.rowIds;
    const twice = [...memories('old', 'two'), ...memories('one'), { rowId: 'row_of_nobody', memory: {} }];
    expect((await settle(by, 0, { results: [filled(a, industry, 'x')], memories: twice })).status).toBe(200);
    await finish(by);
    expect(await remembered()).toEqual([{ providerId: 'one' }, { providerId: 'two' }, {}]);
    const other = await opened([summary]);
    expect((await read(other, 0, WRITER_KEY)).rows.map(({ memory }) => memory)).toEqual([{}, {}, {}]);
    await finish(other);
    await list.call('PATCH', `/rows/${a}`, { entity: { name: 'Somebody else' } });
    await list.call('PATCH', `/rows/${b}`, { entity: { city: 'Ghent' } });
    expect(await remembered()).toEqual([{}, { providerId: 'two' }, {}]);
  });

  test('is not kept of a row that was changed while the service worked, nor when it is too large', async () => {
    const by = await opened([industry]);
    const [a] = list.rowIds;
    const large = { rowId: a, memory: { note: 'x'.repeat(1_024) } };
    const results = [filled(a, industry, 'x')];
    const refused = await settle(by, 0, { results, memories: [...memories('one'), large] });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/memories/1' }] } });
    await list.call('PATCH', `/rows/${a}`, { entity: { name: 'Somebody else' } });
    expect((await settle(by, 0, { results, memories: memories('one') })).body).toMatchObject({ settled: 1 });
    await finish(by);
    expect(await remembered()).toEqual([{}, {}, {}]);
  });
});

describe('a value that was made from other cells', () => {
  const stale = async (): Promise<boolean[]> =>
    Promise.all([0, 1, 2].map(async (no) => (await cell(no, summary)).stale));
  const fill = async (columnIds: string[], value: string): Promise<Fence> => {
    const by = await opened(columnIds);
    for (const [stepNo, columnId] of columnIds.entries()) {
      const as = columnId === industry ? SERVICE_KEY : WRITER_KEY;
      const { rows } = await read(by, stepNo, as);
      await settle(by, stepNo, { results: rows.map(({ rowId }) => filled(rowId, columnId, value)) }, as);
    }
    return by;
  };

  test('is stale when one of them holds another value, and not when the same was found again', async () => {
    await finish(await fill([industry, summary], 'first'));
    expect(await stale()).toEqual([false, false, false]);
    await finish(await fill([industry], 'first'));
    expect(await stale()).toEqual([false, false, false]);
    await list.call('PUT', `/rows/${list.rowIds[1]}/cells/${industry}`, { value: 'mine' });
    expect(await stale()).toEqual([false, true, false]);
    const job = await fill([industry], 'second');
    expect(await stale()).toEqual([true, true, true]);
    const fenced = await fenceJob(api.database, job, 'compensation:1', { target: 'cancelled' });
    await restorePage(api.database, { ...job, ...fenced }, 0);
    await finishJob(api.database, { ...job, ...fenced });
    expect(await stale()).toEqual([false, true, false]);
    await finish(await fill([summary], 'anew'));
    expect(await stale()).toEqual([false, false, false]);
  });

  test('is stale when one of them was changed after the service had read it', async () => {
    await finish(await fill([industry], 'first'));
    const by = await opened([summary]);
    await read(by, 0, WRITER_KEY);
    await list.call('PUT', `/rows/${list.rowIds[0]}/cells/${industry}`, { value: 'mine' });
    const results = list.rowIds.map((rowId) => filled(rowId, summary, 'x'));
    await settle(by, 0, { results }, WRITER_KEY);
    await finish(by);
    expect(await stale()).toEqual([true, false, false]);
  });
});
