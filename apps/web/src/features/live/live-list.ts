import type { LiveSocket } from '@uno/api-client';
import type { Credits, Job, LiveCell, LiveDelta, LiveSnapshot, LiveWindow } from '../../api.types.js';

export type LiveStatus = 'connecting' | 'live' | 'interrupted' | 'refused';

export interface LiveListener {
  onSnapshot?(snapshot: LiveSnapshot): void;
  onCells?(cells: readonly LiveCell[]): void;
  onJobs?(jobs: readonly Job[]): void;
  onCredits?(credits: Credits): void;
  /** Columns, attributes or rows of the list were added, removed or renamed. */
  onStructure?(): void;
  onStatus?(status: LiveStatus): void;
  onDeleted?(): void;
}

/**
 * The live updates of one list. Connects, keeps the window of rows that the grid shows, and after an interruption asks for
 * what was missed: a replay where the sequence it saw stands for the present window, a snapshot otherwise.
 */
export class LiveList {
  readonly #socket: LiveSocket;
  readonly #listId: string;
  readonly #listeners = new Set<LiveListener>();
  #window: LiveWindow = { from: 0, count: 100 };
  #seq: number | undefined;
  #status: LiveStatus = 'connecting';

  constructor(socket: LiveSocket, listId: string) {
    this.#socket = socket;
    this.#listId = listId;
    socket.on('connect', () => this.#subscribe());
    socket.on('disconnect', () => this.#setStatus('interrupted'));
    socket.on('connect_error', ({ message }) =>
      this.#setStatus(message === 'unauthorized' ? 'refused' : 'interrupted'),
    );
    socket.on('snapshot', (snapshot: LiveSnapshot) => this.#onSnapshot(snapshot));
    socket.on('replay', (replay: LiveDelta) => this.#onDelta(replay));
    socket.on('delta', (delta: LiveDelta) => this.#onDelta(delta));
    socket.on('gap', () => this.#tell('onDeleted'));
  }

  get status(): LiveStatus {
    return this.#status;
  }

  open(): void {
    this.#socket.connect();
  }

  close(): void {
    this.#socket.removeAllListeners();
    this.#socket.disconnect();
    this.#listeners.clear();
  }

  listen(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks for the window anew, even if it did not move: the answer is a snapshot of it. */
  watch(window: LiveWindow): void {
    this.#window = window;
    // Until that snapshot the sequence stands for the window before.
    this.#seq = undefined;
    if (this.#socket.connected) this.#socket.emit('window', { listId: this.#listId, ...window });
  }

  #subscribe(): void {
    const resume = this.#seq === undefined ? {} : { fromSeq: this.#seq };
    this.#socket.emit('subscribe', { listId: this.#listId, window: this.#window, ...resume });
  }

  #onSnapshot(snapshot: LiveSnapshot): void {
    if (snapshot.listId !== this.#listId) return;
    const { from, count } = snapshot.window;
    if (from === this.#window.from && count === this.#window.count) this.#seq = snapshot.seq;
    this.#setStatus('live');
    this.#tell('onSnapshot', snapshot);
    this.#tell('onJobs', snapshot.jobs);
    if (snapshot.structure) this.#tell('onStructure');
  }

  #onDelta(delta: LiveDelta): void {
    if (delta.listId !== this.#listId) return;
    if (this.#seq !== undefined) this.#seq = delta.seq;
    this.#setStatus('live');
    if (delta.cells.length > 0) this.#tell('onCells', delta.cells);
    if (delta.jobs.length > 0) this.#tell('onJobs', delta.jobs);
    if (delta.credits) this.#tell('onCredits', delta.credits);
  }

  #setStatus(status: LiveStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#tell('onStatus', status);
  }

  #tell<Event extends keyof LiveListener>(event: Event, ...args: Parameters<Required<LiveListener>[Event]>): void {
    for (const listener of this.#listeners) {
      const handler = listener[event] as ((...args: Parameters<Required<LiveListener>[Event]>) => void) | undefined;
      handler?.call(listener, ...args);
    }
  }
}
