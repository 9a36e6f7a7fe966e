import type { Cell } from '../../api.types.js';
import type { DescribedObject } from '../../format.js';
import { describeObject, describeStatus, formatValue } from '../../format.js';

/** What a cell says in the grid: its value and, beside or instead of it, a short note. */
export interface CellText {
  readonly value: string;
  readonly note: string;
  /** Where more of it is. */
  readonly href?: string;
}

export function cellText(cell: Cell): CellText {
  const value = formatValue(cell.value);
  switch (cell.status) {
    case 'not_found':
      return { value, note: 'Not found' };
    case 'error':
      return { value, note: 'Error' };
    case 'skipped':
      return { value, note: 'Skipped' };
    case 'awaiting_approval':
      return { value, note: 'To approve' };
    case 'blank':
    case 'pending':
    case 'filled': {
      const { day = '', href } = objectIn(cell) ?? {};
      return { value, note: day, ...(href && { href }) };
    }
  }
}

const objectIn = ({ value }: Cell): DescribedObject | undefined =>
  typeof value === 'object' && value !== null ? describeObject(value) : undefined;

/** So many characters of a text are seen in a cell of the usual width. */
const SEEN_CHARACTERS = 20;

/** What the cell has no room for: the whole of its value, and the longer explanation behind the note. */
export function cellTooltip(cell: Cell): string {
  const parts = [inFull(cell), describeStatus(cell)];
  if (cell.stale) parts.push('The row has changed since this value was found.');
  if (cell.edited && cell.status === 'filled') parts.push('Edited by hand.');
  return parts.filter(Boolean).join(' ');
}

function inFull(cell: Cell): string {
  if (typeof cell.value === 'string') return cell.value.length > SEEN_CHARACTERS ? cell.value : '';
  const { headline = '', day = '' } = objectIn(cell) ?? {};
  return [headline, day].filter(Boolean).join(', ');
}

/** The value as the cell's editor starts with it. */
export function editText({ value }: Cell): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
