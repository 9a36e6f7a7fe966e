import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import { newId } from '../src/database/ids.js';
import { asText, LiveClient } from './live-client.js';
import { startLiveServer, writeCells } from './live-fixture.js';
import type { LiveServer, TestList } from './live-fixture.js';

const billing = createServer((_, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ id: 'any', granted: 10, available: 7, held: 2, spent: 1 }));
});
let server: LiveServer;
beforeAll(async () => {
  billing.listen(0, '127.0.0.1');
  await once(billing, 'listening');
  server = await startLiveServer(`http://127.0.0.1:${(billing.address() as AddressInfo).port}`);
});
afterAll(async () => {
  await server.stop();
  billing.close();
});

const watch = (list: TestList): LiveClient => new LiveClient(server.connect(list.key), list.listId);

const fill = (list: TestList, row: number, column: number, value: unknown, status = 'filled'): Promise<void> => {
  const cell = { rowId: list.rowIds[row] ?? '', columnId: list.columnIds[column] ?? '', status, value };
  return server.change(list, { rowIds: [cell.rowId], columnIds: [cell.columnId] }, (sql) =>
    writeCells(sql, list, [cell]),
  );
};

/** The cells of some rows as the database has them. */
const stored = (list: TestList, rowIds: readonly string[]): Promise<string[]> =>
  server.database.inWorkspace(list.workspaceId, async (sql) => {
    const cells = await sql.rows<{ rowId: string; columnId: string; status: string; value: unknown }>(
      `select row_id as "rowId", column_id as "columnId", status, value from cell
       where workspace_id = $1 and row_id = any ($2) and status <> 'blank'`,
      [list.workspaceId, rowIds],
    );
    return cells.map(asText).sort();
  });

const head = (list: TestList): Promise<number> =>
  server.database.inWorkspace(list.workspaceId, async (sql) => {
    const { seq } = await sql.one<{ seq: number }>('select seq from list_sequence where list_id = $1', [list.listId]);
    return seq;
  });

describe('the handshake', () => {
  test.each([[{}], [{ key: '' }], [{ key: 'key_nobody' }], [{ key: 7 }]])('refuses %j', async (auth) => {
    const socket = server.connect('');
    socket.disconnect();
    socket.auth = auth;
    socket.connect();
    const [error] = (await once(socket as never, 'connect_error')) as [Error];
    expect(error.message).toBe('unauthorized');
  });
});

describe('a subscription', () => {
  test('of another workspace is refused like one of a list that does not exist', async () => {
    const mine = await server.addList({ rows: 1, columns: 1 });
    const theirs = await server.addList({ rows: 1, columns: 1 });
    const client = new LiveClient(server.connect(mine.key), theirs.listId);
    client.subscribe({ from: 0, count: 10 });
    const [refusal] = (await once(client.socket as never, 'exception')) as [object];
    expect(refusal).toMatchObject({ status: 404, code: 'not_found' });
    await fill(theirs, 0, 0, 'secret');
    expect(client.received).toEqual([]);
  });

  test('with a window that is too large names the field', async () => {
    const list = await server.addList({ rows: 1, columns: 1 });
    const client = watch(list);
    client.subscribe({ from: 0, count: 100_000 });
    const [refusal] = (await once(client.socket as never, 'exception')) as [object];
    expect(refusal).toMatchObject({ status: 422, code: 'invalid', detail: expect.stringContaining('window.count') });
  });

  test('starts with the window as it is and then tells of changes inside it alone', async () => {
    const list = await server.addList({ rows: 30, columns: 2 });
    await fill(list, 11, 0, 'before');
    const client = watch(list);
    client.subscribe({ from: 10, count: 5 });
    await waitUntil(() => client.snapshots.length === 1);
    expect(client.rows.map(({ id, position }) => [id, position])).toEqual(
      list.rowIds.slice(10, 15).map((id, index) => [id, 10 + index]),
    );
    expect(client.snapshots[0]).toMatchObject({ rowCount: 30, seq: 1, jobs: [] });
    expect(client.cell(list.rowIds[11], list.columnIds[0])).toMatchObject({ status: 'filled', value: 'before' });

    await fill(list, 0, 0, 'outside');
    await fill(list, 12, 1, null, 'not_found');
    await waitUntil(() => client.seq === 3);
    expect(client.cell(list.rowIds[12], list.columnIds[1])).toMatchObject({ status: 'not_found', value: null });
    expect(client.grid()).toHaveLength(2);
  });

  test('counts positions over the rows that are not deleted', async () => {
    const list = await server.addList({ rows: 10, columns: 1 });
    await server.change(list, { structure: true }, (sql) =>
      sql.run('update list_row set deleted_at = now() where id = any ($1)', [list.rowIds.slice(0, 4)]),
    );
    const client = watch(list);
    client.subscribe({ from: 1, count: 2 });
    await waitUntil(() => client.snapshots.length === 1);
    expect(client.rows.map(({ id }) => id)).toEqual(list.rowIds.slice(5, 7));
    expect(client.snapshots[0]?.rowCount).toBe(6);
  });

  test('moves its window, and gets the new one whole', async () => {
    const list = await server.addList({ rows: 30, columns: 1 });
    await fill(list, 25, 0, 'far');
    const client = watch(list);
    client.subscribe({ from: 0, count: 5 });
    await waitUntil(() => client.snapshots.length === 1);
    client.socket.emit('window', { listId: list.listId, from: 24, count: 5 });
    await waitUntil(() => client.snapshots.length === 2);
    expect(client.grid()).toEqual(await stored(list, list.rowIds));
    await fill(list, 0, 0, 'left behind');
    await fill(list, 24, 0, 'new');
    await waitUntil(() => client.seq === 3);
    expect(client.grid()).toEqual(await stored(list, list.rowIds.slice(24)));
  });

  test('is told of a changed structure by a new snapshot of its window', async () => {
    const list = await server.addList({ rows: 3, columns: 2 });
    const client = watch(list);
    client.subscribe({ from: 0, count: 10 });
    await waitUntil(() => client.snapshots.length === 1);
    await server.change(list, { structure: true }, (sql) =>
      sql.run('update list_row set deleted_at = now() where id = $1', [list.rowIds[1]]),
    );
    await waitUntil(() => client.snapshots.length === 2);
    expect(client.snapshots[1]).toMatchObject({ structure: true, rowCount: 2, seq: 1 });
    expect(client.rows.map(({ id }) => id)).toEqual([list.rowIds[0], list.rowIds[2]]);
  });

  test('ends with a gap when its list is deleted', async () => {
    const list = await server.addList({ rows: 1, columns: 1 });
    const client = watch(list);
    client.subscribe({ from: 0, count: 1 });
    await waitUntil(() => client.snapshots.length === 1);
    await server.change(list, { structure: true }, (sql) =>
      sql.run('update list set deleted_at = now() where id = $1', [list.listId]),
    );
    await waitUntil(() => client.received.at(-1)?.kind === 'gap');
  });
});

test('a job is told of with its totals, followed by the credits of the workspace', async () => {
  const list = await server.addList({ rows: 2, columns: 1 });
  const client = watch(list);
  client.subscribe({ from: 0, count: 0 });
  await waitUntil(() => client.snapshots.length === 1);
  const jobId = newId('job');
  await server.change(list, { jobId }, (sql) =>
    sql.run(
      `insert into job (workspace_id, id, list_id, plan, cells, max_cost, on_failure, on_cancel, created_by)
       values ($1, $2, $3, $4, 2, 2, 'rollback', 'rollback', 'test')`,
      [list.workspaceId, jobId, list.listId, { columns: [{ id: list.columnIds[0] }] }],
    ),
  );
  await waitUntil(() => client.deltas.some(({ jobs }) => jobs.length > 0));
  expect(client.deltas.flatMap(({ jobs }) => jobs)).toMatchObject([
    { id: jobId, state: 'accepted', totals: { cells: 2, open: 2, filled: 0 }, credits: { held: 0 } },
  ]);
  await waitUntil(() => client.deltas.some(({ credits }) => credits !== undefined));
  expect(client.deltas.at(-1)).toMatchObject({ seq: 1, credits: { granted: 10, available: 7, held: 2, spent: 1 } });

  const late = watch(list);
  late.subscribe({ from: 0, count: 0 });
  await waitUntil(() => late.snapshots.length === 1);
  expect(late.snapshots[0]?.jobs).toMatchObject([{ id: jobId }]);
});

describe('a client that returns', () => {
  test('gets what it missed as one replay', async () => {
    const list = await server.addList({ rows: 5, columns: 1 });
    const first = watch(list);
    first.subscribe({ from: 0, count: 5 });
    await waitUntil(() => first.snapshots.length === 1);
    await fill(list, 0, 0, 'seen');
    await waitUntil(() => first.seq === 1);
    first.socket.disconnect();
    await fill(list, 1, 0, 'missed');
    await fill(list, 1, 0, 'missed, newer');

    const second = watch(list);
    second.subscribe({ from: 0, count: 5 }, 1);
    await waitUntil(() => second.replays.length === 1);
    expect(second.replays[0]).toMatchObject({
      fromSeq: 1,
      seq: 3,
      cells: [{ rowId: list.rowIds[1], value: 'missed, newer' }],
    });
    await fill(list, 2, 0, 'after');
    await waitUntil(() => second.seq === 4);
    expect(second.cell(list.rowIds[2], list.columnIds[0])?.value).toBe('after');
    expect(second.snapshots).toEqual([]);
  });

  test('gets a snapshot instead when events since then are forgotten, or its sequence is of another database', async () => {
    const list = await server.addList({ rows: 5, columns: 1 });
    await fill(list, 0, 0, 'a');
    await fill(list, 1, 0, 'b');
    await server.ageEvents(list);
    await fill(list, 2, 0, 'c');
    for (const fromSeq of [0, 99]) {
      const client = watch(list);
      client.subscribe({ from: 0, count: 5 }, fromSeq);
      await waitUntil(() => client.snapshots.length === 1);
      expect(client.grid()).toEqual(await stored(list, list.rowIds));
      expect(client.replays).toEqual([]);
    }
  });
});

test('every client converges to the database under random writes, moves and reconnects, and no sequence goes back', async () => {
  const list = await server.addList({ rows: 40, columns: 3 });
  const clients = Array.from({ length: 4 }, () => watch(list));
  const windows = clients.map((_, index) => ({ from: index * 8, count: 12 }));
  clients.forEach((client, index) => client.subscribe(windows[index] ?? { from: 0, count: 1 }));
  await waitUntil(() => clients.every(({ snapshots }) => snapshots.length > 0));
  const random = (below: number): number => Math.floor(Math.random() * below);

  const writer = async (): Promise<void> => {
    for (let write = 0; write < 150; write += 1) {
      const status = ['filled', 'pending', 'not_found', 'error'][random(4)] ?? 'filled';
      await fill(list, random(40), random(3), `value ${random(1_000)}`, status === 'pending' ? 'blank' : status);
    }
  };
  const wanderer = async (): Promise<void> => {
    for (let move = 0; move < 30; move += 1) {
      const index = random(clients.length);
      const client = clients[index];
      const window = { from: random(30), count: 12 };
      if (!client) continue;
      if (move % 2 === 0) {
        windows[index] = window;
        client.socket.emit('window', { listId: list.listId, ...window });
        await waitUntil(() => client.snapshots.at(-1)?.window.from === window.from);
      } else {
        const { seq } = client;
        client.socket.disconnect();
        await fill(list, random(40), random(3), 'while it was away');
        client.socket.connect();
        client.subscribe(windows[index] ?? window, seq);
        await waitUntil(() => client.replays.at(-1)?.fromSeq === seq);
      }
    }
  };
  await Promise.all([writer(), writer(), writer(), wanderer()]);
  expect(clients.flatMap(({ replays }) => replays)).toHaveLength(15);
  expect(clients.flatMap(({ deltas }) => deltas).length).toBeGreaterThan(15);

  const last = await head(list);
  await waitUntil(() => clients.every(({ seq }) => seq === last));
  for (const [index, client] of clients.entries()) {
    const { from, count } = windows[index] ?? { from: 0, count: 0 };
    expect(client.grid()).toEqual(await stored(list, list.rowIds.slice(from, from + count)));
    const order = client.received.map(({ seq }) => seq);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  }
});
