import { describe, expect, test } from '@jest/globals';
import type { LiveSocket } from '@uno/api-client';
import type { LiveWindow } from '../../api.types.js';
import { LiveList } from './live-list.js';

/** The far end of a socket: what the page sent, and a way to answer. */
class FakeSocket {
  connected = false;
  readonly sent: unknown[][] = [];
  readonly #handlers = new Map<string, (message?: object) => void>();

  on(event: string, handler: (message?: object) => void): void {
    this.#handlers.set(event, handler);
  }

  emit(...message: unknown[]): void {
    this.sent.push(message);
  }

  connect(): void {
    this.connected = true;
    this.tell('connect');
  }

  lose(): void {
    this.connected = false;
    this.tell('disconnect');
  }

  tell(event: string, message?: object): void {
    this.#handlers.get(event)?.(message);
  }
}

const start = () => {
  const socket = new FakeSocket();
  const live = new LiveList(socket as unknown as LiveSocket, 'lst_1');
  live.open();
  return { socket, live };
};
const delta = (seq: number) => ({ listId: 'lst_1', seq, cells: [], jobs: [] });
const snapshot = (seq: number, window: LiveWindow) => ({ ...delta(seq), window, rows: [], rowCount: 0 });
const FIRST = { from: 0, count: 100 };

describe('the live updates of a list', () => {
  test('start with a snapshot of the window', () => {
    const { socket } = start();
    expect(socket.sent).toEqual([['subscribe', { listId: 'lst_1', window: FIRST }]]);
  });

  test('go on after an interruption from the last sequence they saw', () => {
    const { socket, live } = start();
    socket.tell('snapshot', snapshot(4, FIRST));
    socket.tell('delta', delta(6));
    socket.lose();
    expect(live.status).toBe('interrupted');
    socket.connect();
    expect(socket.sent.at(-1)).toEqual(['subscribe', { listId: 'lst_1', window: FIRST, fromSeq: 6 }]);
  });

  test('ask for a snapshot after an interruption when the window moved and was not answered yet', () => {
    const { socket, live } = start();
    socket.tell('snapshot', snapshot(4, FIRST));
    const moved = { from: 50, count: 100 };
    live.watch(moved);
    socket.tell('delta', delta(5));
    socket.tell('snapshot', snapshot(5, FIRST));
    socket.lose();
    socket.connect();
    expect(socket.sent.at(-1)).toEqual(['subscribe', { listId: 'lst_1', window: moved }]);
  });

  test('leave out what belongs to another list', () => {
    const { socket, live } = start();
    const seen: number[] = [];
    live.listen({ onSnapshot: ({ seq }) => seen.push(seq) });
    socket.tell('snapshot', { ...snapshot(1, FIRST), listId: 'lst_2' });
    socket.tell('snapshot', snapshot(2, FIRST));
    expect(seen).toEqual([2]);
  });
});
