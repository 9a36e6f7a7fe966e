import type { Schema } from '@uno/api-client';

export type UnoList = Schema<'List'>;
export type Row = Schema<'Row'>;
export type Cell = Schema<'Cell'>;
export type Column = Schema<'Column'>;
export type Service = Schema<'Service'>;
export type Job = Schema<'Job'>;
export type Effect = Schema<'Effect'>;
export type Books = Schema<'Books'>;
export type Credits = Schema<'Credits'>;
export type Reconciliation = Schema<'Reconciliation'>;
export type ImportReport = Schema<'ImportReport'>;

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
