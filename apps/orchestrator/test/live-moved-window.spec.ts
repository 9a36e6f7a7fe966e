import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ListTicker } from '../src/live/list-ticker.js';
import { startLiveServer } from './live-fixture.js';
import type { LiveServer } from './live-fixture.js';

let server: LiveServer;
beforeAll(async () => {
  server = await startLiveServer('http://127.0.0.1:9');
});
afterAll(() => server.stop());

test('a client that moves its window while a turn is read still learns that columns or rows have changed', async () => {
  const list = await server.addList({ rows: 3, columns: 1 });
  const ticker = new ListTicker(server.database, list.workspaceId, list.listId);
  const told: { event: string; structure?: true }[] = [];
  const client = { emit: (event: string, message: object) => told.push({ event, ...message }) };
  ticker.subscribe(client, { from: 0, count: 3 });
  await ticker.turn();
  await server.change(list, { structure: true });
  const turn = ticker.turn();
  ticker.subscribe(client, { from: 0, count: 2 });
  await turn;
  await ticker.turn();
  expect(told.map(({ event, structure }) => [event, structure])).toEqual([
    ['snapshot', undefined],
    ['snapshot', true],
  ]);
});
