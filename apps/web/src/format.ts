import type { CellStatus, JobTotals } from './api.types.js';

const numbers = new Intl.NumberFormat('en');
const times = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

export const formatCount = (count: number): string => numbers.format(count);

/** `1 cell`, `503 cells`. */
export const formatUnits = (count: number, unit: string): string =>
  `${formatCount(count)} ${count === 1 ? unit : `${unit}s`}`;

export const formatTime = (iso: string): string => times.format(new Date(iso));

/** A value as one line of text; an object shows its title or outcome where it has one. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) >= 10_000 ? formatCount(value) : String(value);
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  const named = value as Readonly<Record<string, unknown>>;
  const text = ['title', 'outcome', 'name'].map((name) => named[name]).find((found) => typeof found === 'string');
  return typeof text === 'string' ? text : JSON.stringify(value);
}

/** What the user typed as the JSON value it stands for: plain numbers are numbers, an empty field is nothing. */
export function parseTyped(text: string): string | number | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const number = Number(trimmed);
  return Number.isFinite(number) && String(number) === trimmed ? number : trimmed;
}

interface Explained {
  readonly status: CellStatus;
  readonly reason?: { readonly message: string } | null;
}

/** The state of a cell in words; empty where its value says it all. */
export function describeStatus({ status, reason }: Explained): string {
  switch (status) {
    case 'pending':
      return 'Being filled';
    case 'not_found':
      return 'Not found';
    case 'error':
      return `Error: ${reason?.message ?? 'no reason was given'}`;
    case 'skipped':
      return `Skipped: ${reason?.message ?? 'no reason was given'}`;
    case 'awaiting_approval':
      return 'Awaits approval';
    case 'blank':
    case 'filled':
      return '';
  }
}

/** Cells of a job that have come to an end, as a whole percentage that reaches 100 only when all have. */
export function percentDone({ cells, open, pending, awaitingApproval }: JobTotals): number {
  if (cells === 0) return 100;
  return Math.floor(((cells - open - pending - awaitingApproval) / cells) * 100);
}
