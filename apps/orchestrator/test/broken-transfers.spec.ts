import { once } from 'node:events';
import { ServerResponse, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openTestPool, waitUntil } from '@uno/testing';
import type pg from 'pg';
import { ExportService } from '../src/lists/export.service.js';
import type { Export } from '../src/lists/export.service.js';
import { startApi } from './api-fixture.js';
import type { ApiFixture, Reply } from './api-fixture.js';

let api: ApiFixture;
let key: string;
let listId: string;
/** The API's own role: it may end the API's connections. */
let sameRole: pg.Pool;
beforeAll(async () => {
  api = await startApi();
  key = (await api.workspace()).apiKey;
  sameRole = openTestPool(process.env['DATABASE_URL'] ?? '', 2);
});
beforeEach(async () => {
  ({ listId } = await api.list(key));
});
afterAll(async () => {
  await sameRole.end();
  await api.stop();
});

const OF_API = `datname = current_database() and application_name = 'uno-orchestrator'`;

/** Begins something, and ends all connections of the API while one of them waits for a lock on the table. */
async function killWhileWaitingFor<T>(table: string, begin: () => Promise<T>): Promise<() => Promise<T>> {
  const blocker = await sameRole.connect();
  try {
    await blocker.query('begin');
    await blocker.query(`lock table ${table} in exclusive mode`);
    const begun = begin();
    await waitUntil(
      async () =>
        (await sameRole.query(`select from pg_stat_activity where ${OF_API} and wait_event_type = 'Lock'`)).rowCount !==
        0,
      { what: 'the API to wait' },
    );
    await sameRole.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${OF_API}`);
    return () => begun;
  } finally {
    blocker.release(true);
  }
}

describe('an import whose database connections die', () => {
  const upload = (): Promise<Reply> =>
    api.call('POST', `/v1/lists/${listId}/import`, {
      key,
      raw: `name\n${'A company\n'.repeat(2_500)}`,
      headers: { 'content-type': 'text/csv', 'idempotency-key': `import:${listId}` },
    });

  test.each([
    ['while it stages lines', 'import_staging'],
    ['while it numbers the rows', 'list_counter'],
  ])('%s says 503 and leaves nothing, and the same one sent again is imported once', async (_, table) => {
    const importing = await killWhileWaitingFor(table, upload);
    const reply = await importing();
    expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([
      503,
      'database_unavailable',
      '1',
    ]);
    await waitUntil(async () => (await api.admin('select from import_staging')).length === 0, { what: 'lines to go' });
    const rows = `/v1/lists/${listId}/rows?limit=1`;
    expect((await api.call('GET', rows, { key })).body.total).toBe(0);
    expect((await api.call('GET', `/v1/lists/${listId}`, { key })).body.attributes).toEqual([]);
    expect(await upload()).toMatchObject({ status: 200, body: { imported: 2_500 } });
    expect(await upload()).toMatchObject({ status: 200, body: { imported: 2_500 } });
    expect((await api.call('GET', rows, { key })).body.total).toBe(2_500);
  });
});

describe('an export', () => {
  /** Rows of a MiB each: more than the sockets between API and reader buffer. */
  const MIB_ROWS = 60;

  beforeEach(async () => {
    await api.admin(
      `insert into list_row (workspace_id, list_id, id, row_no, entity)
       select workspace_id, id, 'row_' || id || n, n, jsonb_build_object('name', repeat('x', 1048576))
       from list, generate_series(1, $2) n where id = $1`,
      [listId, MIB_ROWS],
    );
    await api.admin(`update list set attributes = '{name}' where id = $1`, [listId]);
  });
  afterEach(() => void jest.restoreAllMocks());

  /** Tells when the export has been ended, by its reader or for good, and begins one. */
  async function begin(): Promise<{ response: IncomingMessage; ended: () => boolean }> {
    let ended = false;
    const service = api.app.get(ExportService);
    const begun = service.export.bind(service);
    async function* told(lines: AsyncIterable<string>): AsyncGenerator<string> {
      try {
        yield* lines;
      } finally {
        ended = true;
      }
    }
    jest.spyOn(service, 'export').mockImplementation(async (ref): Promise<Export> => {
      const { fileName, lines } = await begun(ref);
      return { fileName, lines: told(lines) };
    });
    const sent = request(`${api.url}/v1/lists/${listId}/export.csv`, { headers: { authorization: `Bearer ${key}` } });
    sent.on('error', () => undefined).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    return { response, ended: () => ended };
  }

  const idle = (): boolean => api.database.pool.idleCount === api.database.pool.totalCount;

  test('whose reader stops is read no further meanwhile, and holds no connection', async () => {
    const { response, ended } = await begin();
    await waitUntil(idle, { what: 'the export to wait for its reader' });
    await api.admin(`update list_row set entity = '{"name": "changed meanwhile"}' where list_id = $1 and row_no = $2`, [
      listId,
      MIB_ROWS,
    ]);
    expect(ended()).toBe(false);
    let tail = '';
    for await (const chunk of response) tail = `${tail}${String(chunk)}`.slice(-100);
    expect(tail).toContain('changed meanwhile');
    expect([response.complete, ended()]).toEqual([true, true]);
  });

  test('whose reader goes away ends, and holds no connection', async () => {
    const { response, ended } = await begin();
    response.destroy();
    await waitUntil(() => ended() && idle(), { what: 'the export to end' });
  });

  test('whose reader takes nothing for long is broken off, so that nobody takes it for complete', async () => {
    const setTimeout = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(ServerResponse.prototype), 'setTimeout')
      ?.value as (this: ServerResponse, ms: number) => ServerResponse;
    const waits: number[] = [];
    jest.spyOn(ServerResponse.prototype, 'setTimeout').mockImplementation(function (this: ServerResponse, ms: number) {
      waits.push(ms);
      return setTimeout.call(this, 200);
    });
    const { response, ended } = await begin();
    await waitUntil(() => ended() && idle(), { what: 'the export to be broken off' });
    expect(waits).toEqual([300_000]);
    response.resume();
    await waitUntil(() => response.closed, { what: 'the answer to close' });
    expect(response.complete).toBe(false);
  });
});
