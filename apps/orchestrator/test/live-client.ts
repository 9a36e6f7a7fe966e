import type { Socket } from 'socket.io-client';
import type { LiveCell, LiveDelta, LiveReplay, LiveRow, LiveSnapshot } from '../src/live/live-messages.js';

/** Keeps what a real client would show of one list, and the order in which it was told. */
export class LiveClient {
  readonly received: { readonly kind: 'snapshot' | 'replay' | 'delta' | 'gap'; readonly seq: number }[] = [];
  readonly snapshots: LiveSnapshot[] = [];
  readonly replays: LiveReplay[] = [];
  readonly deltas: LiveDelta[] = [];
  rows: readonly LiveRow[] = [];
  seq = -1;
  readonly #cells = new Map<string, LiveCell>();

  constructor(
    readonly socket: Socket,
    readonly listId: string,
  ) {
    socket.on('snapshot', (message: LiveSnapshot) => {
      if (!this.#note('snapshot', message)) return;
      this.snapshots.push(message);
      this.rows = message.rows;
      this.#cells.clear();
      this.#merge(message.cells);
    });
    socket.on('replay', (message: LiveReplay) => {
      if (!this.#note('replay', message)) return;
      this.replays.push(message);
      this.#merge(message.cells);
    });
    socket.on('delta', (message: LiveDelta) => {
      if (!this.#note('delta', message)) return;
      this.deltas.push(message);
      this.#merge(message.cells);
    });
    socket.on('gap', () => this.received.push({ kind: 'gap', seq: this.seq }));
  }

  subscribe(window: { from: number; count: number }, fromSeq?: number): void {
    this.socket.emit('subscribe', { listId: this.listId, window, fromSeq });
  }

  cell(rowId: string | undefined, columnId: string | undefined): LiveCell | undefined {
    return this.#cells.get(`${rowId} ${columnId}`);
  }

  /** All cells that are not blank, as `row column status value`, sorted. */
  grid(): string[] {
    return [...this.#cells.values()]
      .filter(({ status }) => status !== 'blank')
      .map(asText)
      .sort();
  }

  #note(kind: 'snapshot' | 'replay' | 'delta', message: LiveDelta): boolean {
    if (message.listId !== this.listId) return false;
    this.received.push({ kind, seq: message.seq });
    this.seq = message.seq;
    return true;
  }

  #merge(cells: readonly LiveCell[]): void {
    for (const cell of cells) this.#cells.set(`${cell.rowId} ${cell.columnId}`, cell);
  }
}

interface CellState {
  readonly rowId: string;
  readonly columnId: string;
  readonly status: string;
  readonly value: unknown;
}

export const asText = ({ rowId, columnId, status, value }: CellState): string =>
  `${rowId} ${columnId} ${status} ${JSON.stringify(value)}`;
