import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SERVICE_KEY, TEST_SERVICE, startApi } from './api-fixture.js';
import type { ApiFixture, CallOptions, Reply } from './api-fixture.js';

let api: ApiFixture;
let workspaceId: string;
let key: string;
let stranger: string;
let listId: string;
let rowIds: string[];
beforeAll(async () => {
  api = await startApi();
  ({ id: workspaceId, apiKey: key } = await api.workspace());
  stranger = (await api.workspace()).apiKey;
});
beforeEach(async () => {
  ({ listId, rowIds } = await api.list(key, 3));
});
afterAll(() => api.stop());

const call = (method: string, path: string, body?: unknown, as = key): Promise<Reply> => {
  const options: CallOptions = { key: as, ...(body !== undefined && { body }) };
  return api.call(method, `/v1/lists/${listId}${path}`, options);
};
const addColumn = async (name = 'City'): Promise<string> =>
  (await call('POST', '/columns', { name, service: 'lookup', config: { attribute: 'city' } })).body.id;

describe('a cell', () => {
  test('is edited by hand, and remembers every value', async () => {
    const columnId = await addColumn();
    const path = `/rows/${rowIds[0]}/cells/${columnId}`;
    expect((await call('GET', path)).body).toMatchObject({ status: 'blank', value: null, version: null, versions: [] });
    await call('PUT', path, { value: 'Bern' });
    const { status, body } = await call('PUT', path, { value: { city: 'Zürich' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'filled', value: { city: 'Zürich' }, edited: true, stale: false, cost: 0 });
    expect(body.versions).toMatchObject([
      { value: { city: 'Zürich' }, author: 'user', jobId: null },
      { value: 'Bern', author: 'user', status: 'filled' },
    ]);
    await call('PATCH', `/rows/${rowIds[0]}`, { entity: { name: 'Renamed' } });
    const [row] = (await call('GET', '/rows?limit=1')).body.items;
    expect(row.cells[columnId]).toMatchObject({ status: 'filled', stale: false, edited: true, version: body.version });
  });

  test('that a job filled is stale once its row was changed, and not by a new config', async () => {
    const columnId = await addColumn();
    await api.admin(
      `insert into cell (workspace_id, row_id, column_id, list_id, status, value, made_from) values ($1, $2, $3, $4, 'filled', '"x"', 1)`,
      [workspaceId, rowIds[0], columnId, listId],
    );
    const path = `/rows/${rowIds[0]}/cells/${columnId}`;
    await call('PATCH', `/columns/${columnId}`, { config: { attribute: 'industry' } });
    expect((await call('GET', path)).body.stale).toBe(false);
    await call('PATCH', `/rows/${rowIds[0]}`, { entity: { city: 'x' } });
    expect((await call('GET', path)).body.stale).toBe(true);
  });

  test('pending under a job is taken away from it by an edit, and counted as skipped', async () => {
    const columnId = await addColumn();
    const jobId = `job_p_${listId}`;
    await api.admin(
      `insert into job (workspace_id, id, list_id, state, plan, cells, max_cost, on_failure, on_cancel, created_by)
       values ($1, $2, $3, 'running', '{}', 1, 1, 'rollback', 'rollback', 'test')`,
      [workspaceId, jobId, listId],
    );
    await api.admin(
      `insert into job_page (workspace_id, job_id, page_no, stage_no, state, cells, claimed, from_row_no, to_row_no)
       values ($1, $2, 0, 0, 'open', 1, 1, 1, 1)`,
      [workspaceId, jobId],
    );
    await api.admin(
      `insert into cell (workspace_id, row_id, column_id, list_id, status, value, job_id, page_no)
       values ($1, $2, $3, $4, 'pending', '"former"', $5, 0)`,
      [workspaceId, rowIds[0], columnId, listId, jobId],
    );
    const path = `/rows/${rowIds[0]}/cells/${columnId}`;
    expect((await call('GET', path)).body).toMatchObject({ status: 'pending', value: 'former', jobId });
    const edits = await Promise.all(Array.from({ length: 5 }, (_, no) => call('PUT', path, { value: no })));
    expect(edits.every(({ status }) => status === 200)).toBe(true);
    const [page] = await api.admin('select skipped, skipped_by from job_page where job_id = $1', [jobId]);
    expect(page).toEqual({ skipped: 1, skipped_by: { edited: 1 } });
    const after = (await call('GET', path)).body;
    expect(after).toMatchObject({ status: 'filled', edited: true, jobId: null, provenance: null });
    expect(after.versions).toHaveLength(5);
  });

  test.each([
    [{ value: null }],
    [{}],
    [{ value: 'x'.repeat(70_000) }],
    [{ value: 'a\u0000b' }],
    [{ value: [{ 'k\u0000': 1 }] }],
  ])('cannot hold %j', async (body) => {
    const columnId = await addColumn();
    const reply = await call('PUT', `/rows/${rowIds[0]}/cells/${columnId}`, body);
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer: expect.stringMatching(/^\/value/) }] } });
  });

  test.each(['1e400', '[{"a":-1e999}]'])('cannot hold the number in %s, which has no finite value', async (value) => {
    const path = `/v1/lists/${listId}/rows/${rowIds[0]}/cells/${await addColumn()}`;
    const headers = { 'content-type': 'application/json' };
    const reply = await api.call('PUT', path, { key, raw: `{"value":${value}}`, headers });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer: expect.stringMatching(/^\/value/) }] } });
    expect((await api.call('GET', path, { key })).body.status).toBe('blank');
  });

  test('nested without end is refused', async () => {
    const columnId = await addColumn();
    const raw = `{"value":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const headers = { 'content-type': 'application/json' };
    const path = `/v1/lists/${listId}/rows/${rowIds[0]}/cells/${columnId}`;
    expect((await api.call('PUT', path, { key, raw, headers })).status).toBe(422);
  });

  test('of another workspace, row or list does not exist', async () => {
    const columnId = await addColumn();
    const path = `/rows/${rowIds[0]}/cells/${columnId}`;
    expect((await call('GET', path, undefined, stranger)).status).toBe(404);
    expect((await call('PUT', path, { value: 1 }, stranger)).status).toBe(404);
    expect((await call('GET', `/rows/row_none/cells/${columnId}`)).status).toBe(404);
    expect((await call('GET', `/rows/${rowIds[0]}/cells/col_none`)).status).toBe(404);
    const other = await api.list(key, 1);
    const elsewhere = `/v1/lists/${other.listId}/rows/${other.rowIds[0]}/cells/${columnId}`;
    expect((await api.call('PUT', elsewhere, { key, body: { value: 1 } })).status).toBe(404);
  });
});

describe('every change of the grid', () => {
  test('appends an event, so that live clients hear of it', async () => {
    const columnId = await addColumn();
    await call('PUT', `/rows/${rowIds[0]}/cells/${columnId}`, { value: 1 });
    await call('PATCH', `/rows/${rowIds[0]}`, { entity: { name: 'x' } });
    await call('DELETE', `/rows/${rowIds[1]}`);
    await call('DELETE', `/columns/${columnId}`);
    const events = await api.admin<{ seq: string; payload: object }>(
      'select seq, payload from list_event where list_id = $1 order by seq',
      [listId],
    );
    expect(events.map(({ seq }) => Number(seq))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(events.map(({ payload }) => payload)).toMatchObject([
      { structure: true, rowIds },
      { structure: true },
      { rowIds: [rowIds[0]], columnIds: [columnId] },
      { structure: true, rowIds: [rowIds[0]] },
      { structure: true, rowIds: [rowIds[1]] },
      { structure: true },
    ]);
  });
});

describe('services', () => {
  test('stand in the catalogue as they registered, online while they are heard of', async () => {
    const { body } = await api.call('GET', '/v1/services', { key });
    expect(body.items).toMatchObject([{ id: 'lookup', price: 1, online: true, config: TEST_SERVICE.configSchema }]);
    await api.admin(`update service set last_seen_at = now() - interval '61 seconds'`);
    expect((await api.call('GET', '/v1/services', { key })).body.items).toMatchObject([{ online: false }]);
    const again = await api.call('PUT', '/internal/v1/services/lookup', {
      key: SERVICE_KEY,
      body: { ...TEST_SERVICE, title: 'Renamed' },
    });
    expect(again.status).toBe(204);
    expect((await api.call('GET', '/v1/services', { key })).body.items).toMatchObject([
      { title: 'Renamed', online: true },
    ]);
  });

  test('register with their own key, under their own id, with a schema that can be used', async () => {
    const put = (id: string, body: object, as: string) =>
      api.call('PUT', `/internal/v1/services/${id}`, { key: as, body });
    expect((await put('lookup', TEST_SERVICE, key)).status).toBe(401);
    expect((await put('other', { ...TEST_SERVICE, id: 'other' }, SERVICE_KEY)).status).toBe(403);
    expect((await put('other', TEST_SERVICE, SERVICE_KEY)).status).toBe(403);
    const broken = await put('lookup', { ...TEST_SERVICE, configSchema: { type: 'nonsense' } }, SERVICE_KEY);
    expect(broken).toMatchObject({ status: 422, body: { errors: [{ pointer: '/configSchema' }] } });
    expect((await put('lookup', { ...TEST_SERVICE, price: -1 }, SERVICE_KEY)).status).toBe(422);
  });
});

describe('credits', () => {
  test('are what billing says', async () => {
    expect((await api.call('GET', '/v1/credits', { key })).body).toEqual({
      granted: 10,
      available: 7,
      held: 1,
      spent: 2,
    });
    expect((await api.call('GET', '/v1/credits/entries', { key })).body).toEqual({
      items: [{ id: '7', at: '2026-01-01T00:00:00.000Z', kind: 'capture', amount: 2, jobId: 'job_1', page: 3 }],
      nextCursor: null,
    });
  });
});
