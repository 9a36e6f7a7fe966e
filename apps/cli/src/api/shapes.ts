import type { Schema } from '@uno/api-client';

export type UnoList = Schema<'List'>;
export type Row = Schema<'Row'>;
export type Cell = Schema<'Cell'>;
export type Column = Schema<'Column'>;
export type Service = Schema<'Service'>;
export type Job = Schema<'Job'>;
export type Books = Schema<'Books'>;
export type Credits = Schema<'Credits'>;

/** What became of an uploaded file; `rejected` holds the first hundred lines. */
export interface ImportReport {
  readonly imported: number;
  readonly rejectedCount: number;
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  readonly identity: UnoList['identity'];
}

export const JOB_STATES = [
  'accepted',
  'awaiting_approval',
  'running',
  'paused',
  'completing',
  'completed',
  'compensating',
  'compensation_failed',
  'failed',
  'cancelled',
] as const satisfies readonly Job['state'][];

const FINAL_STATES: readonly Job['state'][] = ['completed', 'failed', 'cancelled'];

/** A final job changes no more; `compensation_failed` is tried again and is not final. */
export function isFinal(state: Job['state']): boolean {
  return FINAL_STATES.includes(state);
}
