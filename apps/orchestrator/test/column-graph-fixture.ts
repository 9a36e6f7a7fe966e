import { OPERATOR_KEY, TEST_SERVICE, startApi } from './api-fixture.js';
import type { ApiFixture, Reply } from './api-fixture.js';

export const WRITER_KEY = 'writer-service-key';

/** A service whose configs name other columns in every way that a schema can say. */
export const WRITER = {
  ...TEST_SERVICE,
  ...{ id: 'writer', title: 'Writer', taskQueue: 'writer', inputs: 'references' },
  configSchema: {
    type: 'object',
    properties: {
      text: { type: 'string', maxLength: 100, 'x-uno-reference': 'template' },
      map: { type: 'object', additionalProperties: { type: 'string', 'x-uno-reference': 'name' } },
      list: { type: 'array', items: { $ref: '#/$defs/name' } },
      answer: {
        oneOf: [
          { type: 'object', properties: { kind: { const: 'plain' } }, required: ['kind'] },
          {
            ...{ type: 'object', properties: { kind: { const: 'count' } }, required: ['kind'] },
            'x-uno-value': { type: 'number' },
          },
          {
            type: 'object',
            properties: { kind: { const: 'like' }, like: { type: 'string', 'x-uno-reference': 'name' } },
            required: ['kind', 'like'],
          },
        ],
      },
      kinds: {
        type: 'array',
        items: { type: 'string', enum: ['a', 'b'], 'x-uno-choices': { company: ['a'], contact: ['b'] } },
      },
      mode: { type: 'string', enum: ['direct', 'batch'], 'x-uno-ends-stage': 'batch' },
    },
    additionalProperties: false,
    $defs: { name: { type: 'string', 'x-uno-reference': 'name' } },
  },
};

export interface ColumnsOfList {
  readonly listId: string;
  readonly rowIds: readonly string[];
  call(method: string, path: string, body?: unknown): Promise<Reply>;
  /** Adds a column of the look-up service; answers its id. */
  lookup(name: string): Promise<string>;
  /** Adds a column of the writer. */
  write(name: string, config: Record<string, unknown>): Promise<Reply>;
}

/** The API with both services registered. */
export async function startGraphApi(): Promise<ApiFixture> {
  const api = await startApi();
  await api.call('PUT', '/internal/v1/services/writer/key', { key: OPERATOR_KEY, body: { key: WRITER_KEY } });
  await api.call('PUT', '/internal/v1/services/writer', { key: WRITER_KEY, body: WRITER });
  return api;
}

/** A list of three companies. */
export async function columnsOfList(api: ApiFixture, key: string): Promise<ColumnsOfList> {
  const { listId, rowIds } = await api.list(key, 3);
  const call: ColumnsOfList['call'] = (method, path, body) =>
    api.call(method, `/v1/lists/${listId}${path}`, { key, ...(body !== undefined && { body }) });
  const add = (name: string, service: string, config: Record<string, unknown>): Promise<Reply> =>
    call('POST', '/columns', { name, service, config });
  return {
    ...{ listId, rowIds, call },
    lookup: async (name) => (await add(name, 'lookup', { attribute: 'city' })).body.id,
    write: (name, config) => add(name, 'writer', config),
  };
}
