import type { LiveCell as ToldCell, Schema } from '@uno/api-client';

export type { LiveDelta, LiveReplay, LiveSnapshot, LiveWindow } from '@uno/api-client';

export type List = Schema<'List'>;
export type EntityType = List['entityType'];
export type Identity = Schema<'Identity'>;
export type ImportResult = Schema<'ImportReport'>;
export type Service = Schema<'Service'>;
export type Column = Schema<'Column'>;
export type Row = Schema<'Row'>;
export type Cell = Schema<'Cell'>;
export type CellStatus = Cell['status'];
export type CellDetails = Schema<'CellDetails'>;
export type CellVersion = Schema<'CellVersion'>;
export type Job = Schema<'Job'>;
export type JobState = Job['state'];
export type JobTotals = Job['totals'];
export type Effect = Schema<'Effect'>;
export type Quote = Schema<'Quote'>;
export type Books = Schema<'Books'>;
export type Credits = Schema<'Credits'>;
export type LiveCell = ToldCell;

export interface JobRequest {
  readonly columnIds: string[];
  readonly scope:
    { readonly type: 'all' } | { readonly type: 'missing' } | { readonly type: 'rows'; readonly rowIds: string[] };
  readonly overwriteEdits: boolean;
}
