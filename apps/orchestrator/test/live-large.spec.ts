import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import { asText, LiveClient } from './live-client.js';
import { startLiveServer, writeCells } from './live-fixture.js';
import type { LiveServer, TestList } from './live-fixture.js';

const KIB = 1024;
const ROWS = 40;

let server: LiveServer;
let list: TestList;
let client: LiveClient;
beforeAll(async () => {
  // Billing is asked where jobs change; here none does.
  server = await startLiveServer('http://127.0.0.1:1');
});
afterAll(() => server.stop());
beforeEach(async () => {
  list = await server.addList({ rows: ROWS, columns: 1 });
  client = new LiveClient(server.connect(list.key), list.listId);
  client.subscribe({ from: 0, count: ROWS });
  await waitUntil(() => client.snapshots.length === 1);
});

/** Writes 64 KiB into every row in one transaction. Answers with the grid as it is then. */
async function fillAll(letter: string): Promise<string[]> {
  const value = letter.repeat(64 * KIB);
  const cells = list.rowIds.map((rowId) => ({ rowId, columnId: list.columnIds[0] ?? '', status: 'filled', value }));
  await server.change(list, { rowIds: list.rowIds, columnIds: list.columnIds }, (sql) => writeCells(sql, list, cells));
  return cells.map(asText).sort();
}

const heaviest = (messages: readonly object[]): number =>
  Math.max(...messages.map((message) => JSON.stringify(message).length));

describe('changes that weigh megabytes', () => {
  test('come in deltas of about a MiB, of which the last alone moves the sequence', async () => {
    const grid = await fillAll('a');
    await waitUntil(() => client.seq === 1);
    expect(client.deltas.map(({ seq }) => seq)).toEqual([0, 0, 1]);
    expect(heaviest(client.deltas)).toBeLessThan(1_100 * KIB);
    expect(client.grid()).toEqual(grid);
  });

  test('are told again to a client that left in the middle of them, in replays of about a MiB', async () => {
    client.socket.once('delta', () => client.socket.disconnect());
    await fillAll('a');
    await waitUntil(() => client.deltas.length === 1);
    expect([client.seq, client.grid().length < ROWS]).toEqual([0, true]);
    const grid = await fillAll('b');
    client.socket.connect();
    client.subscribe({ from: 0, count: ROWS }, client.seq);
    await waitUntil(() => client.seq === 2);
    expect(client.replays.map(({ fromSeq, seq }) => [fromSeq, seq])).toEqual([
      [0, 0],
      [0, 0],
      [0, 2],
    ]);
    expect(heaviest(client.replays)).toBeLessThan(1_100 * KIB);
    expect(client.grid()).toEqual(grid);
  });
});
