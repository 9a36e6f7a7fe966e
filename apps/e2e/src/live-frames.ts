import type { Page } from 'playwright-core';
import type { Cell } from './views.js';

interface LiveMessage {
  readonly cells?: readonly (Pick<Cell, 'status'> & { readonly rowId: string; readonly columnId: string })[];
}

/** Listens to the socket of the page and keeps the state of every cell as its frames tell it. */
export class LiveFrames {
  /** How many cells were pending and filled, after each frame in which both were some: `20 pending, 30 filled`. */
  readonly mixes = new Set<string>();
  deltas = 0;
  private readonly cells = new Map<string, string>();

  constructor(page: Page) {
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => this.read(payload.toString())));
  }

  /** Frames of socket.io: `42/live,["delta",{…}]`. */
  private read(frame: string): void {
    const message = /^42\/live,(\[.*\])$/s.exec(frame)?.[1];
    if (message === undefined) return;
    const [event, body] = JSON.parse(message) as [string, LiveMessage];
    if (event === 'delta') this.deltas += 1;
    for (const { rowId, columnId, status } of body.cells ?? []) this.cells.set(`${rowId} ${columnId}`, status);
    const states = [...this.cells.values()];
    const count = (wanted: string): number => states.filter((status) => status === wanted).length;
    if (count('pending') > 0 && count('filled') > 0)
      this.mixes.add(`${count('pending')} pending, ${count('filled')} filled`);
  }
}
