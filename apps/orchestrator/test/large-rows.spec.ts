import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { ExportService } from '../src/lists/export.service.js';
import { readRows } from '../src/lists/row-window.js';
import type { LiveSnapshot } from '../src/live/live-messages.js';
import { startApi } from './api-fixture.js';
import type { ApiFixture } from './api-fixture.js';

const KIB = 1024;
const MIB = 1024 * KIB;
/** Rows of a page or a window end before this. */
const MOST_BYTES = 8 * MIB;

let api: ApiFixture;
let workspaceId: string;
let key: string;
beforeAll(async () => {
  api = await startApi();
  const workspace = await api.workspace();
  [workspaceId, key] = [workspace.id, workspace.apiKey];
});
afterAll(() => api.stop());

const large = (mib: number) => ({
  entity: Object.fromEntries(Array.from({ length: mib * 16 }, (_, no) => [`a${no}`, 'x'.repeat(64 * KIB)])),
});

/** A list of 20 small rows, then 12 rows of a MiB, then one that is larger than a page. */
async function makeList(): Promise<string> {
  const { listId } = await api.list(key, 20);
  for (const rows of [Array.from({ length: 12 }, () => large(1)), [large(9)]]) {
    expect((await api.call('POST', `/v1/lists/${listId}/rows`, { key, body: { rows } })).status).toBe(201);
  }
  return listId;
}

describe('rows that weigh megabytes', () => {
  let listId: string;
  beforeAll(async () => {
    listId = await makeList();
  });

  test('come in pages of at most 8 MiB, or of one row, each exactly once', async () => {
    const positions: number[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const reply = await api.call('GET', `/v1/lists/${listId}/rows?limit=1000${cursor && `&cursor=${cursor}`}`, {
        key,
      });
      const items: { position: number }[] = reply.body.items;
      positions.push(items.map(({ position }) => position));
      if (items.length > 1) expect(JSON.stringify(items).length).toBeLessThan(MOST_BYTES * 1.1);
      cursor = reply.body.nextCursor as string | null;
    }
    expect(positions.flat()).toEqual(Array.from({ length: 33 }, (_, no) => no));
    expect(positions.map(({ length }) => length)).toEqual([27, 5, 1]);
  });

  test('come from a position on as far as a page goes, and with the total', async () => {
    const { body } = await api.call('GET', `/v1/lists/${listId}/rows?limit=100&fromPosition=25`, { key });
    expect(body.items.map(({ position }: { position: number }) => position)).toEqual([25, 26, 27, 28, 29, 30, 31]);
    expect(body.total).toBe(33);
    expect(body.nextCursor).toBe('32');
  });

  test('are told of in a live window as far as 8 MiB go', async () => {
    const socket = io(`${api.url}/live`, { auth: { key }, transports: ['websocket'] });
    try {
      socket.emit('subscribe', { listId, window: { from: 15, count: 500 } });
      const [snapshot] = (await once(socket as never, 'snapshot')) as [LiveSnapshot];
      expect(snapshot.rows.map(({ position }) => position)).toEqual([15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26]);
      expect(snapshot).toMatchObject({ rowCount: 33, window: { from: 15, count: 500 } });
    } finally {
      socket.disconnect();
    }
  });

  test('are exported a few at a time, whatever came before them', async () => {
    const { lines } = await api.app.get(ExportService).export({ workspaceId, listId });
    let records = 0;
    for await (const text of lines) {
      records += text.split('\r\n').length - 1;
      expect(text.length).toBeLessThan(10 * MIB);
    }
    expect(records).toBe(34);
  });
});

test('the values of its cells count as weight of a row', async () => {
  const { listId, rowIds } = await api.list(key, 4);
  const column = { name: 'City', service: 'lookup', config: { attribute: 'city' } };
  const { body: made } = await api.call('POST', `/v1/lists/${listId}/columns`, { key, body: column });
  for (const rowId of rowIds.slice(0, 3)) {
    const cell = `/v1/lists/${listId}/rows/${rowId}/cells/${made.id}`;
    await api.call('PUT', cell, { key, body: { value: 'x'.repeat(10 * KIB) } });
  }
  const read = (maxBytes: number) =>
    api.database.inWorkspace(workspaceId, (sql) =>
      readRows(sql, { workspaceId, listId }, { fromRowNo: 1, limit: 3, maxBytes }),
    );
  expect(await read(25 * KIB)).toHaveLength(2);
  expect(await read(5 * KIB)).toHaveLength(1);
  expect(await read(100 * KIB)).toHaveLength(3);
});
