import type { CellState, Change, Evidence, Version } from '../audit/evidence.js';

/** What a change of a cell was. `unlawful` is none of what the table of cell states allows. */
export type Deed = 'made' | 'claim' | 'settle' | 'kept' | 'restore' | 'edit' | 'nothing' | 'unlawful';

/** All changes of one cell, in order. */
export type CellHistory = readonly Change<CellState>[];

const BLANK = { status: 'blank', value: '', versionId: null, edited: false } as const;

/** The histories of all cells, by row and column. */
export function cellHistories({ cells }: Evidence): ReadonlyMap<string, CellHistory> {
  const histories = new Map<string, Change<CellState>[]>();
  for (const change of cells) {
    const { rowId, columnId } = change.after ?? change.before ?? { rowId: '', columnId: '' };
    const key = cellKey(rowId, columnId);
    const history = histories.get(key);
    if (history) history.push(change);
    else histories.set(key, [change]);
  }
  return histories;
}

export const cellKey = (rowId: string, columnId: string): string => `${rowId} ${columnId}`;

/** What the cell shows: everything but the claim. */
export function shows(state: CellState | null): Pick<CellState, 'status' | 'value' | 'versionId' | 'edited'> {
  if (!state) return BLANK;
  const { status, value, versionId, edited } = state;
  return { status, value, versionId, edited };
}

export function looksTheSame(one: CellState | null, other: CellState | null): boolean {
  const [a, b] = [shows(one), shows(other)];
  return a.status === b.status && a.value === b.value && a.versionId === b.versionId && a.edited === b.edited;
}

/** Judges one change by the table of cell states of the API, from the versions alone. */
export function deedOf({ before, after }: Change<CellState>, versions: ReadonlyMap<number, Version>): Deed {
  if (!after) return 'unlawful';
  if (!before) return looksTheSame(null, after) ? 'made' : 'unlawful';
  if (looksTheSame(before, after) && before.jobId === after.jobId) return 'nothing';
  if (after.status === 'pending') return isClaim(before, after) ? 'claim' : 'unlawful';
  if (isRestore(before, after, versions)) return 'restore';
  if (after.versionId === before.versionId) return isKept(before, after) ? 'kept' : 'unlawful';
  const version = after.versionId === null ? undefined : versions.get(after.versionId);
  if (!version || version.id <= (before.versionId ?? 0) || version.status !== after.status) return 'unlawful';
  if (version.author === 'user') return after.edited && after.status === 'filled' ? 'edit' : 'unlawful';
  const settles = before.status === 'pending' && version.jobId === before.jobId && !after.edited;
  return settles ? 'settle' : 'unlawful';
}

/** The former value stays visible beside the state, and what it was is remembered. */
function isClaim(before: CellState, after: CellState): boolean {
  return (
    before.status !== 'pending' &&
    after.jobId !== null &&
    after.value === before.value &&
    after.versionId === before.versionId &&
    after.formerStatus === before.status &&
    after.formerVersionId === before.versionId
  );
}

/** A try that failed leaves the value that was there before. */
function isKept(before: CellState, after: CellState): boolean {
  return before.status === 'pending' && after.status === before.formerStatus && after.value === before.value;
}

/** Only from what the claiming job made of the cell, and only to what the cell was before its claim. */
function isRestore(before: CellState, after: CellState, versions: ReadonlyMap<number, Version>): boolean {
  if (after.versionId !== before.formerVersionId || after.status !== (before.formerStatus ?? 'blank')) return false;
  const shown = before.versionId === null ? undefined : versions.get(before.versionId);
  const isOfTheJob = before.status === 'pending' || (shown?.author === 'job' && shown.jobId === before.jobId);
  return isOfTheJob && before.jobId !== null && after.jobId === before.jobId;
}

/** Versions by id. */
export function versionsById({ versions }: Evidence): ReadonlyMap<number, Version> {
  return new Map(versions.map((version) => [version.id, version]));
}
