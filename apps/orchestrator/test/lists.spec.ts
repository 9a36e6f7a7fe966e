import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi } from './api-fixture.js';
import type { ApiFixture } from './api-fixture.js';

let api: ApiFixture;
let key: string;
let stranger: string;
beforeAll(async () => {
  api = await startApi();
  key = (await api.workspace()).apiKey;
  stranger = (await api.workspace()).apiKey;
});
afterAll(() => api.stop());

describe('lists', () => {
  test('are created, read, changed and deleted', async () => {
    const created = await api.call('POST', '/v1/lists', { key, body: { name: ' Leads ', entityType: 'contact' } });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      name: 'Leads',
      entityType: 'contact',
      identity: {},
      attributes: [],
      rowCount: 0,
    });
    const path = `/v1/lists/${created.body.id}`;
    expect((await api.call('GET', path, { key })).body).toEqual(created.body);
    const changed = await api.call('PATCH', path, { key, body: { name: 'New', identity: { email: 'mail' } } });
    expect(changed.body).toMatchObject({ name: 'New', identity: { email: 'mail' } });
    expect((await api.call('DELETE', path, { key })).status).toBe(204);
    expect((await api.call('GET', path, { key })).status).toBe(404);
    expect((await api.call('DELETE', path, { key })).status).toBe(404);
  });

  test('are paged newest first, each exactly once', async () => {
    const { apiKey } = await api.workspace();
    const made: string[] = [];
    for (let no = 0; no < 5; no += 1) made.push((await api.list(apiKey)).listId);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.call('GET', `/v1/lists?limit=2${cursor}`, { key: apiKey });
      seen.push(...body.items.map((list: { id: string }) => list.id));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(made.reverse());
  });

  test('say with a pointer what is wrong with a request', async () => {
    const { status, headers, body } = await api.call('POST', '/v1/lists', { key, body: { name: '', entityType: 'x' } });
    expect(status).toBe(422);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ status: 422, code: 'invalid_request', title: 'Unprocessable Entity' });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/name', '/entityType']);
  });

  test.each([
    ['GET', '', undefined],
    ['PATCH', '', { name: 'Mine' }],
    ['DELETE', '', undefined],
    ['GET', '/rows', undefined],
    ['POST', '/rows', { rows: [{ entity: { name: 'x' } }] }],
    ['GET', '/columns', undefined],
    ['POST', '/columns', { name: 'C', service: 'lookup', config: { attribute: 'city' } }],
    ['GET', '/export.csv', undefined],
    ['POST', '/jobs', { columnIds: ['col_1'], scope: { type: 'all' } }],
  ])('of another workspace do not exist: %s %s', async (method, rest, body) => {
    const { listId } = await api.list(key, 1);
    const options = body === undefined ? {} : { body };
    const reply = await api.call(method, `/v1/lists/${listId}${rest}`, { key: stranger, ...options });
    expect(reply.status).toBe(404);
    expect(reply.body.code).toBe('not_found');
  });

  test('with a job that works on them cannot be deleted', async () => {
    const { id: workspaceId, apiKey } = await api.workspace();
    const { listId } = await api.list(apiKey, 1);
    await api.admin(
      `insert into job (workspace_id, id, list_id, plan, cells, max_cost, on_failure, on_cancel, created_by)
       values ($1, $2, $3, '{}', 0, 0, 'rollback', 'rollback', 'test')`,
      [workspaceId, `job_${listId}`, listId],
    );
    const refused = await api.call('DELETE', `/v1/lists/${listId}`, { key: apiKey });
    expect(refused).toMatchObject({ status: 409, body: { code: 'list_in_use' } });
    await api.admin(`update job set state = 'completed' where id = $1`, [`job_${listId}`]);
    expect((await api.call('DELETE', `/v1/lists/${listId}`, { key: apiKey })).status).toBe(204);
  });
});

test.each(['/v1/lists', '/v1/jobs', '/v1/credits/entries'])(
  'a cursor of %s that no page gave is refused, and named',
  async (path) => {
    for (const cursor of ['nonsense', 'row_01ARZ3NDEKTSV4RRFFQ69G5FAV']) {
      const reply = await api.call('GET', `${path}?cursor=${cursor}`, { key });
      expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer: '/cursor' }] } });
    }
  },
);

describe('a key', () => {
  test.each([undefined, 'uno_nonsense', 'x'.repeat(600)])('that is %s opens nothing', async (wrong) => {
    const reply = await api.call('GET', '/v1/lists', wrong === undefined ? {} : { key: wrong });
    expect(reply).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  test('that was revoked opens nothing', async () => {
    const { id, apiKey } = await api.workspace();
    await api.admin('update api_key set revoked_at = now() where workspace_id = $1', [id]);
    expect((await api.call('GET', '/v1/lists', { key: apiKey })).status).toBe(401);
  });
});

describe('an address', () => {
  test('that cannot be decoded is a 400 that says so', async () => {
    const { status, body } = await api.call('GET', '/v1/lists/%zz', { key });
    expect([status, body.code]).toEqual([400, 'malformed_address']);
    expect(body.detail).not.toContain('JSON');
  });
});

describe('a body', () => {
  test('that is no JSON is a 400, one that is too large a 413, an unknown route a 404', async () => {
    const json = { 'content-type': 'application/json' };
    const broken = await api.call('POST', '/v1/lists', { key, raw: '{"name":', headers: json });
    expect(broken).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    const large = await api.call('POST', '/v1/lists', { key, raw: `"${'x'.repeat(17_000_000)}"`, headers: json });
    expect(large).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    expect(await api.call('GET', '/v1/nothing', { key })).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('with characters that cannot be stored is refused, wherever they stand', async () => {
    const name = await api.call('POST', '/v1/lists', { key, body: { name: 'a\u0000b', entityType: 'company' } });
    expect(name).toMatchObject({ status: 422, body: { errors: [{ pointer: '/name' }] } });
    const { listId } = await api.list(key);
    const rows = [{ entity: { name: 'half \ud800' } }];
    const row = await api.call('POST', `/v1/lists/${listId}/rows`, { key, body: { rows } });
    expect(row).toMatchObject({ status: 422, body: { errors: [{ pointer: '/rows/0/entity/name' }] } });
    expect((await api.call('GET', '/v1/lists/a%00b', { key })).status).toBe(404);
  });
});

describe('a body', () => {
  test.each([
    ['text/plain', '{"name":"A","entityType":"company"}'],
    ['application/x-www-form-urlencoded', 'name=A'],
  ])('sent as %s is a 415 that says what to send', async (type, raw) => {
    const reply = await api.call('POST', '/v1/lists', { key, raw, headers: { 'content-type': type } });
    expect(reply).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    expect(reply.body.detail).toContain('application/json');
  });

  test('keeps an attribute whatever its name, and refuses the one that copying loses', async () => {
    const { listId } = await api.list(key);
    const add = (entity: string) =>
      api.call('POST', `/v1/lists/${listId}/rows`, {
        key,
        raw: `{"rows":[{"entity":${entity}}]}`,
        headers: { 'content-type': 'application/json' },
      });
    const kept = await add('{"constructor":"Otter Builders","prototype":"P1"}');
    expect(kept.body.items[0].entity).toEqual({ constructor: 'Otter Builders', prototype: 'P1' });
    const lost = await add('{"__proto__":"x"}');
    expect(lost).toMatchObject({ status: 422, body: { errors: [{ pointer: '/rows/0/entity' }] } });
  });
});

describe('one Idempotency-Key', () => {
  const body = { name: 'Once', entityType: 'company' };

  test('sent twenty times at once makes one list', async () => {
    const { apiKey } = await api.workspace();
    const headers = { 'idempotency-key': 'twenty' };
    const post = () => api.call('POST', '/v1/lists', { key: apiKey, body, headers });
    const replies = await Promise.all(Array.from({ length: 20 }, post));
    const made = replies.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map((reply) => reply.body.id)).size).toBe(1);
    for (const reply of replies.filter(({ status }) => status !== 201)) {
      expect(reply).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
    }
    expect((await post()).body).toEqual(made[0]?.body);
    expect((await api.call('GET', '/v1/lists', { key: apiKey })).body.items).toHaveLength(1);
  });

  test('with another body is refused, and with another workspace is another key', async () => {
    const headers = { 'idempotency-key': 'shared' };
    expect((await api.call('POST', '/v1/lists', { key, body, headers })).status).toBe(201);
    const other = await api.call('POST', '/v1/lists', { key, body: { ...body, name: 'Two' }, headers });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect((await api.call('POST', '/v1/lists', { key: stranger, body, headers })).status).toBe(201);
  });

  test('may be used again after a refusal', async () => {
    const { apiKey } = await api.workspace();
    const { listId } = await api.list(apiKey);
    const headers = { 'idempotency-key': 'again' };
    const add = (service: string) =>
      api.call('POST', `/v1/lists/${listId}/columns`, {
        key: apiKey,
        headers,
        body: { name: 'City', service, config: { attribute: 'city' } },
      });
    expect((await add('nobody')).status).toBe(422);
    expect((await add('lookup')).status).toBe(201);
  });
});
