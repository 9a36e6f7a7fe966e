import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OPERATOR_KEY, startApi } from './api-fixture.js';
import type { ApiFixture } from './api-fixture.js';

let api: ApiFixture;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

describe('a workspace that the operator asks for', () => {
  test('is answered with its name and nothing of its keys', async () => {
    const { id } = await api.workspace();
    const reply = await api.call('GET', `/internal/v1/workspaces/${id}`, { key: OPERATOR_KEY });
    expect(reply).toMatchObject({ status: 200, body: { id, name: 'Test' } });
    expect(Object.keys(reply.body)).toEqual(['id', 'name']);
  });

  test.each([
    ['ws_01ARZ3NDEKTSV4RRFFQ69G5FAV', 'There is no such workspace.'],
    ['no%20id', 'There is no such resource.'],
  ])('is a 404 where none has the id %s', async (id, detail) => {
    const reply = await api.call('GET', `/internal/v1/workspaces/${id}`, { key: OPERATOR_KEY });
    expect(reply).toMatchObject({ status: 404, body: { code: 'not_found', detail } });
  });

  test('is shown to nobody else, not even to the workspace itself', async () => {
    const { id, apiKey } = await api.workspace();
    expect((await api.call('GET', `/internal/v1/workspaces/${id}`, { key: apiKey })).status).toBe(401);
  });
});
