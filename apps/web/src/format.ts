import type { CellStatus, JobTotals } from './api.types.js';

const numbers = new Intl.NumberFormat('en');
const times = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

export const formatCount = (count: number): string => numbers.format(count);

/** `1 cell`, `503 cells`. */
export const formatUnits = (count: number, unit: string): string =>
  `${formatCount(count)} ${count === 1 ? unit : `${unit}s`}`;

export const formatTime = (iso: string): string => times.format(new Date(iso));

/** The name of a property or value for people: `within_days` and `withinDays` are both `Within days`. */
export function inWords(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A value as one line of text. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) >= 10_000 ? formatCount(value) : String(value);
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return describeObject(value).headline;
}

/** An object for people, from its shape alone. */
export interface DescribedObject {
  /** What it is, in a line. */
  readonly headline: string;
  /** The day it is about, where it names one. */
  readonly day?: string;
  /** Where more of it is, where it says so; a web address. */
  readonly href?: string;
  /** What is not said by the above; all of it where the headline only lists it. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** What an object is, best first: `outcome` is a word for machines. */
const HEADLINES = ['title', 'name', 'outcome'];

export function describeObject(value: object): DescribedObject {
  if (Array.isArray(value)) return { headline: value.map(formatValue).join(', '), rest: {} };
  const members = value as Readonly<Record<string, unknown>>;
  const key = HEADLINES.find((name) => typeof members[name] === 'string' && members[name] !== '');
  const day = dayOf(members['date']);
  const href = webAddress(members['url']);
  const said = [key, ...(day ? ['date'] : []), ...(href ? ['url'] : [])];
  const rest = Object.fromEntries(Object.entries(members).filter(([name]) => !said.includes(name)));
  return {
    headline: key ? headlineOf(key, members[key] as string) : listed(members),
    ...(day && { day }),
    ...(href && { href }),
    rest,
  };
}

const headlineOf = (key: string, text: string): string => (key === 'outcome' ? inWords(text) : text);

const listed = (members: Readonly<Record<string, unknown>>): string =>
  Object.entries(members)
    .filter(([, member]) => member !== null && member !== '')
    .map(([name, member]) => `${inWords(name)}: ${formatValue(member)}`)
    .join('; ');

const days = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });

function dayOf(date: unknown): string | undefined {
  if (typeof date !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(date) || Number.isNaN(Date.parse(date))) return undefined;
  return days.format(new Date(date));
}

/** A link that a page may offer: whatever a service found, it must not run as a script. */
function webAddress(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  return ['http:', 'https:'].includes(new URL(url).protocol) ? url : undefined;
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
