import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import type { Socket } from 'socket.io-client';
import { LiveClient } from './live-client.js';
import { startLiveServer } from './live-fixture.js';
import type { LiveServer, TestList } from './live-fixture.js';

let server: LiveServer;
let list: TestList;
let theirs: TestList;
beforeAll(async () => {
  server = await startLiveServer('http://127.0.0.1:1');
  list = await server.addList({ rows: 3, columns: 1 });
  theirs = await server.addList({ rows: 1, columns: 1 });
});
afterAll(() => server.stop());

const refusalOf = async (socket: Socket): Promise<Record<string, unknown>> =>
  ((await once(socket as never, 'exception')) as [Record<string, unknown>])[0];

/** The connection still serves its client. */
async function expectServed(socket: Socket): Promise<void> {
  const client = new LiveClient(socket, list.listId);
  client.subscribe({ from: 0, count: 10 });
  await waitUntil(() => client.snapshots.length > 0, { what: 'the snapshot' });
  expect(client.rows).toHaveLength(3);
}

const window = { from: 0, count: 1 };
const WRONG_SUBSCRIPTIONS: readonly (readonly [string, unknown, string])[] = [
  ['nothing', undefined, ''],
  ['null', null, ''],
  ['a text', 'subscribe', ''],
  ['an array', [1, 2], ''],
  ['no list', { window }, 'listId'],
  ['an empty list id', { listId: '', window }, 'listId'],
  ['a list id that is a number', { listId: 7, window }, 'listId'],
  ['a list id of 81 characters', { listId: 'x'.repeat(81), window }, 'listId'],
  ['a list id with a NUL', { listId: 'lst_\u0000', window }, 'listId'],
  ['a list id of half a surrogate pair', { listId: 'lst_\ud800', window }, 'listId'],
  ['a window that is none', { listId: 'LIST', window: 'all' }, 'window'],
  ['a window of 501 rows', { listId: 'LIST', window: { from: 0, count: 501 } }, 'window.count'],
  ['a window of 1e300 rows', { listId: 'LIST', window: { from: 0, count: 1e300 } }, 'window.count'],
  ['a window of less than none', { listId: 'LIST', window: { from: 0, count: -1 } }, 'window.count'],
  ['a window from before the first row', { listId: 'LIST', window: { from: -1, count: 1 } }, 'window.from'],
  ['a window from half a row', { listId: 'LIST', window: { from: 0.5, count: 1 } }, 'window.from'],
  ['a window from beyond all', { listId: 'LIST', window: { from: 2 ** 53, count: 1 } }, 'window.from'],
  ['a sequence that is a text', { listId: 'LIST', window, fromSeq: '1' }, 'fromSeq'],
  ['a sequence below zero', { listId: 'LIST', window, fromSeq: -1 }, 'fromSeq'],
  ['a sequence beyond all', { listId: 'LIST', window, fromSeq: 1e300 }, 'fromSeq'],
];

describe('a client that subscribes with', () => {
  test.each(WRONG_SUBSCRIPTIONS)('%s is told what is wrong, and stays connected', async (_, message, place) => {
    const socket = server.connect(list.key);
    const body: unknown = JSON.parse(JSON.stringify(message ?? null).replace('"LIST"', `"${list.listId}"`));
    const refused = refusalOf(socket);
    if (message === undefined) socket.emit('subscribe');
    else socket.emit('subscribe', body);
    expect(await refused).toMatchObject({ status: 422, code: 'invalid', detail: expect.stringContaining(`${place}:`) });
    await expectServed(socket);
  });

  test('a window far beyond the last row sees none', async () => {
    const client = new LiveClient(server.connect(list.key), list.listId);
    client.subscribe({ from: 1_999_999_999, count: 500 });
    await waitUntil(() => client.snapshots.length > 0, { what: 'the snapshot' });
    expect(client.snapshots[0]).toMatchObject({ rowCount: 3, rows: [] });
  });
});

describe('a client that', () => {
  test('moves the window of a list that it does not watch, or may not, is refused alike', async () => {
    const socket = server.connect(list.key);
    const watcher = new LiveClient(server.connect(theirs.key), theirs.listId);
    watcher.subscribe({ from: 0, count: 1 });
    await waitUntil(() => watcher.snapshots.length > 0, { what: 'the snapshot' });
    for (const listId of [list.listId, theirs.listId, 'lst_nothing']) {
      const refused = refusalOf(socket);
      socket.emit('window', { listId, from: 0, count: 1 });
      expect(await refused).toMatchObject({ status: 409, code: 'not_subscribed' });
    }
    socket.emit('unsubscribe', { listId: theirs.listId });
    await expectServed(socket);
    const seen = watcher.deltas.length + watcher.snapshots.length;
    await server.change(theirs, { structure: true });
    await waitUntil(() => watcher.deltas.length + watcher.snapshots.length > seen, {
      what: 'the other client to be told',
    });
  });

  test.each(['window', 'unsubscribe'])('sends a %s that is none is told so', async (event) => {
    const socket = server.connect(list.key);
    for (const body of [null, 'x', {}, { listId: 1 }, { listId: list.listId.repeat(9), from: 0, count: 1 }]) {
      const refused = refusalOf(socket);
      socket.emit(event, body);
      expect(await refused).toMatchObject({ status: 422, code: 'invalid' });
    }
    await expectServed(socket);
  });

  test('sends events that nobody knows, and bytes, is not answered and still served', async () => {
    const socket = server.connect(list.key);
    socket.emit('nonsense', { a: 1 });
    socket.emit('snapshot', Buffer.alloc(1_000));
    socket.emit('__proto__', { a: 1 });
    socket.emit('constructor');
    await expectServed(socket);
  });

  test('sends more than a message may hold is cut off, and others are served', async () => {
    const socket = server.connect(list.key);
    const other = server.connect(list.key);
    const gone = once(socket as never, 'disconnect');
    socket.emit('subscribe', { listId: 'x'.repeat(2_000_000) });
    await gone;
    await expectServed(other);
  });
});
