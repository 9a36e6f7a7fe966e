import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { OPERATOR_KEY, TEST_SERVICE, startApi } from './api-fixture.js';
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

const CHOOSY_SCHEMA = {
  type: 'object',
  properties: {
    attribute: {
      type: 'string',
      enum: ['city', 'country', 'email'],
      'x-uno-choices': { company: ['city', 'country'], contact: ['email'] },
    },
    depth: { type: 'integer' },
  },
};

const call = (method: string, path: string, body?: unknown, as = key): Promise<Reply> => {
  const options: CallOptions = { key: as, ...(body !== undefined && { body }) };
  return api.call(method, `/v1/lists/${listId}${path}`, options);
};
const names = (reply: Reply): unknown[] =>
  reply.body.items.map((row: { position: number; entity: { name: string } }) => [row.position, row.entity.name]);
const addColumn = async (name = 'City'): Promise<string> =>
  (await call('POST', '/columns', { name, service: 'lookup', config: { attribute: 'city' } })).body.id;

describe('rows', () => {
  test('are paged by cursor and found by position, counting the rows that exist', async () => {
    expect((await call('DELETE', `/rows/${rowIds[1]}`)).status).toBe(204);
    expect((await call('DELETE', `/rows/${rowIds[1]}`)).status).toBe(404);
    await call('POST', '/rows', { rows: ['D', 'E', 'F'].map((name) => ({ entity: { name } })) });
    const first = await call('GET', '/rows?limit=2');
    expect(names(first)).toEqual([
      [0, 'Company 0'],
      [1, 'Company 2'],
    ]);
    expect(first.body.total).toBe(5);
    const second = await call('GET', `/rows?limit=2&cursor=${first.body.nextCursor}`);
    expect(names(second)).toEqual([
      [2, 'D'],
      [3, 'E'],
    ]);
    const third = await call('GET', `/rows?limit=2&cursor=${second.body.nextCursor}`);
    expect(names(third)).toEqual([[4, 'F']]);
    expect(third.body.nextCursor).toBeNull();
    for (let from = 0; from < 5; from += 1) {
      const [row] = (await call('GET', `/rows?fromPosition=${from}&limit=1`)).body.items;
      expect(row.position).toBe(from);
    }
    expect((await call('GET', '/rows?fromPosition=5')).body).toEqual({ items: [], nextCursor: null, total: 5 });
    await call('DELETE', `/rows/${rowIds[0]}`);
    expect(names(await call('GET', '/rows?fromPosition=1&limit=2'))).toEqual([
      [1, 'D'],
      [2, 'E'],
    ]);
  });

  test('merge what is changed, forget what is null and teach the list new attributes', async () => {
    const changed = await call('PATCH', `/rows/${rowIds[0]}`, { entity: { city: 'Bern', size: 3, name: null } });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ id: rowIds[0], position: 0, entity: { city: 'Bern', size: 3 } });
    expect(changed.body.entity).not.toHaveProperty('name');
    const list = await call('GET', '');
    expect(list.body.attributes).toEqual(['name', 'city', 'size']);
  });

  test.each([
    ['no rows', '/rows', { rows: [] }, 422],
    ['1,001 rows', '/rows', { rows: Array.from({ length: 1_001 }, () => ({ entity: { name: 'x' } })) }, 422],
    ['an entity with a list in it', '/rows', { rows: [{ entity: { name: ['x'] } }] }, 422],
    ['a value of more than 64 KiB', '/rows', { rows: [{ entity: { name: 'x'.repeat(70_000) } }] }, 422],
  ])('with %s are refused', async (_, path, body, status) => {
    expect((await call('POST', path, body)).status).toBe(status);
    expect((await call('GET', '')).body.rowCount).toBe(3);
  });

  test.each(['limit=0', 'limit=1001', 'cursor=x', 'fromPosition=-1', 'fromPosition=1&cursor=1'])(
    'asked for with %s are refused',
    async (query) => {
      expect((await call('GET', `/rows?${query}`)).status).toBe(422);
    },
  );

  test('of another workspace do not exist', async () => {
    expect((await call('PATCH', `/rows/${rowIds[0]}`, { entity: { name: 'x' } }, stranger)).status).toBe(404);
    expect((await call('DELETE', `/rows/${rowIds[0]}`, undefined, stranger)).status).toBe(404);
    expect((await call('GET', '')).body.rowCount).toBe(3);
  });

  test('added from all sides at once get positions without gap or double', async () => {
    const add = (no: number) => call('POST', '/rows', { rows: [{ entity: { name: `N${no}`, [`a${no}`]: no } }] });
    await Promise.all(Array.from({ length: 12 }, (_, no) => add(no)));
    const { body } = await call('GET', '/rows');
    expect(body.items.map((row: { position: number }) => row.position)).toEqual(
      Array.from({ length: 15 }, (_, no) => no),
    );
    expect((await call('GET', '')).body.attributes).toHaveLength(13);
  });
});

describe('columns', () => {
  test('are added, read, changed and deleted', async () => {
    const added = await call('POST', '/columns', { name: 'City', service: 'lookup', config: { attribute: 'city' } });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      listId,
      name: 'City',
      service: 'lookup',
      config: { attribute: 'city' },
      position: 0,
    });
    const path = `/columns/${added.body.id}`;
    expect((await call('GET', path)).body).toEqual(added.body);
    const changed = await call('PATCH', path, { name: 'Sector', config: { attribute: 'industry' } });
    expect(changed.body).toMatchObject({ name: 'Sector', config: { attribute: 'industry' } });
    await addColumn('Second');
    const all = await call('GET', '/columns');
    expect(all.body.items.map(({ name }: { name: string }) => name)).toEqual(['Sector', 'Second']);
    const [row] = (await call('GET', '/rows?limit=1')).body.items;
    expect(row.cells[added.body.id]).toEqual({
      status: 'blank',
      value: null,
      stale: false,
      version: null,
      edited: false,
    });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('PATCH', path, { name: 'x' })).status).toBe(404);
  });

  test('say where their config does not fit the schema of the service', async () => {
    const wrong = await call('POST', '/columns', { name: 'C', service: 'lookup', config: { attribute: 'moon', x: 1 } });
    expect(wrong).toMatchObject({ status: 422, body: { code: 'invalid_config' } });
    const pointers = wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort();
    expect(pointers).toEqual(['/config/attribute', '/config/x']);
    const missing = await call('POST', '/columns', { name: 'C', service: 'lookup' });
    expect(missing.body.errors).toMatchObject([{ pointer: '/config/attribute' }]);
    const id = await addColumn();
    const change = await call('PATCH', `/columns/${id}`, { config: {} });
    expect(change).toMatchObject({ status: 422, body: { code: 'invalid_config' } });
  });

  test('offer what their service has for the entity type of the list', async () => {
    const service = { ...TEST_SERVICE, id: 'choosy', configSchema: CHOOSY_SCHEMA };
    await api.call('PUT', '/internal/v1/services/choosy/key', {
      key: OPERATOR_KEY,
      body: { key: 'choosy-service-key' },
    });
    const registered = await api.call('PUT', '/internal/v1/services/choosy', {
      key: 'choosy-service-key',
      body: service,
    });
    expect(registered.status).toBe(204);
    const add = (attribute: string) =>
      call('POST', '/columns', { name: 'C', service: 'choosy', config: { attribute, depth: 1 } });
    const refused = {
      status: 422,
      body: {
        code: 'invalid_config',
        errors: [
          { pointer: '/config/attribute', detail: 'must be one of the choices for company lists: city, country' },
        ],
      },
    };
    expect(await add('email')).toMatchObject(refused);
    expect(await add('moon')).toMatchObject(refused);
    const added = await add('city');
    expect(added.status).toBe(201);
    const path = `/columns/${added.body.id}`;
    expect(await call('PATCH', path, { config: { attribute: 'email' } })).toMatchObject(refused);
    expect((await call('PATCH', path, { config: { attribute: 'country' } })).status).toBe(200);
  });

  test.each([
    ['an unknown service', { service: 'nobody' }, 422, 'unknown_service'],
    ['a condition', { runIf: { column: 'x', op: 'empty' } }, 422, 'not_supported'],
    ['a name that is taken, whatever its case', { name: 'TAKEN' }, 409, 'column_name_taken'],
  ])('with %s are refused', async (_, change, status, code) => {
    await addColumn('Taken');
    const reply = await call('POST', '/columns', {
      name: 'C',
      service: 'lookup',
      config: { attribute: 'city' },
      ...change,
    });
    expect(reply).toMatchObject({ status, body: { code } });
  });

  test('need to know what identifies an entity, and the right type of entity', async () => {
    const make = (entityType: string) => api.call('POST', '/v1/lists', { key, body: { name: 'L', entityType } });
    const body = { name: 'C', service: 'lookup', config: { attribute: 'city' } };
    const add = (id: string) => api.call('POST', `/v1/lists/${id}/columns`, { key, body });
    expect(await add((await make('company')).body.id)).toMatchObject({ status: 422, body: { code: 'no_identity' } });
    expect(await add((await make('contact')).body.id)).toMatchObject({
      status: 422,
      body: { code: 'wrong_entity_type' },
    });
  });

  test('that a job works on cannot be deleted, others can', async () => {
    const [used, free] = [await addColumn('Used'), await addColumn('Free')];
    await api.admin(
      `insert into job (workspace_id, id, list_id, plan, cells, max_cost, on_failure, on_cancel, created_by)
       values ($1, $2, $3, $4, 0, 0, 'rollback', 'rollback', 'test')`,
      [workspaceId, `job_${listId}`, listId, { columns: [{ id: used }], stages: [{ steps: [{ columnIds: [used] }] }] }],
    );
    expect(await call('DELETE', `/columns/${used}`)).toMatchObject({ status: 409, body: { code: 'column_in_use' } });
    expect((await call('DELETE', `/columns/${free}`)).status).toBe(204);
    await api.admin(`update job set state = 'cancelled' where id = $1`, [`job_${listId}`]);
    expect((await call('DELETE', `/columns/${used}`)).status).toBe(204);
  });

  test('of another workspace do not exist', async () => {
    const id = await addColumn();
    for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const) {
      expect((await call(method, `/columns/${id}`, body, stranger)).status).toBe(404);
    }
  });
});
