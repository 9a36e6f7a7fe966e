import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { Schema } from './client.js';

/** Rows by position, among the rows that exist. */
export interface LiveWindow {
  readonly from: number;
  readonly count: number;
}

export interface LiveRow {
  readonly id: string;
  readonly position: number;
  readonly entity: Schema<'Entity'>;
}

export interface LiveCell {
  readonly rowId: string;
  readonly columnId: string;
  readonly status: Schema<'Cell'>['status'];
  /** While the status is `pending` this is still the former value. */
  readonly value: unknown;
  readonly stale: boolean;
  readonly version: number | null;
  readonly edited: boolean;
  readonly reason: Schema<'CellReason'> | null;
}

/**
 * What changed since the sequence before it; values are those of the moment of `seq`, or newer. More than about a MiB of cells
 * comes in several messages, of which the last alone moves `seq` on and tells of jobs.
 */
export interface LiveDelta {
  readonly listId: string;
  readonly seq: number;
  readonly cells: readonly LiveCell[];
  readonly jobs: readonly Schema<'Job'>[];
  readonly credits?: Schema<'Credits'>;
}

/** A delta since the sequence that a returning client had seen. */
export interface LiveReplay extends LiveDelta {
  readonly fromSeq: number;
}

/** The whole window as it was at `seq`; replaces all that the client knew. */
export interface LiveSnapshot extends LiveDelta {
  readonly window: LiveWindow;
  readonly rowCount: number;
  readonly rows: readonly LiveRow[];
  /** Rows or columns have changed: fetch what else is known of the list's structure again. */
  readonly structure?: true;
}

/** The client must fetch again, or give up. */
export interface LiveGap {
  readonly listId: string;
  readonly reason: string;
}

/** What was asked wrongly, as a problem document. */
export interface LiveException {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

export interface ServerEvents {
  snapshot: (message: LiveSnapshot) => void;
  replay: (message: LiveReplay) => void;
  delta: (message: LiveDelta) => void;
  gap: (message: LiveGap) => void;
  exception: (message: LiveException) => void;
}

export interface ClientEvents {
  /** `fromSeq`: the last sequence seen, to be told only what came after it. */
  subscribe: (message: { readonly listId: string; readonly fromSeq?: number; readonly window: LiveWindow }) => void;
  window: (message: { readonly listId: string } & LiveWindow) => void;
  unsubscribe: (message: { readonly listId: string }) => void;
}

export type LiveSocket = Socket<ServerEvents, ClientEvents>;

export interface LiveOptions {
  readonly url: string;
  readonly apiKey: string;
}

/**
 * A socket of the live namespace; it connects at once and again after a loss. Subscribe in a `connect` handler, with the
 * last sequence seen, so that every reconnection does.
 */
export function connectLive({ url, apiKey }: LiveOptions): LiveSocket {
  return io(`${url}/live`, { auth: { key: apiKey }, forceNew: true, transports: ['websocket'] });
}
