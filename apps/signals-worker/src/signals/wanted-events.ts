import {
  COMPANY_SIGNALS,
  CONTACT_SIGNALS,
  DEFAULT_WITHIN_DAYS,
  signalsConfig,
  type SignalEvent,
  type SignalKind,
} from '@uno/signals-contract';
import type { StepPage } from '@uno/workflow-contracts';
import type { EntityType } from '@uno/worker-kit';

/** What a column asks for. */
export interface WantedEvents {
  /** Those of the column that entities of this type have. */
  readonly kinds: ReadonlySet<SignalKind>;
  readonly withinDays: number;
}

const KINDS: Readonly<Record<EntityType, readonly SignalKind[]>> = {
  company: COMPANY_SIGNALS,
  contact: CONTACT_SIGNALS,
};
const DAY_MS = 86_400_000;

/** What each column wants; one whose kinds this entity type does not have is absent. */
export function wantedByColumn({
  entityType,
  columns,
}: Pick<StepPage, 'entityType' | 'columns'>): ReadonlyMap<string, WantedEvents> {
  const wanted = columns.flatMap(({ columnId, config }) => {
    const parsed = signalsConfig.safeParse(config);
    if (!parsed.success) return [];
    const { kinds, withinDays = DEFAULT_WITHIN_DAYS } = parsed.data;
    const fitting = new Set(kinds.filter((kind) => KINDS[entityType].includes(kind)));
    return fitting.size === 0 ? [] : [[columnId, { kinds: fitting, withinDays }] as const];
  });
  return new Map(wanted);
}

/** The one question that has the answers for all of them in it. */
export function coveringQuestion(
  wanted: readonly WantedEvents[],
  now: Date,
): { readonly kinds: ReadonlySet<SignalKind>; readonly since: string } {
  return {
    kinds: new Set(wanted.flatMap(({ kinds }) => [...kinds])),
    since: firstDayOf(Math.max(...wanted.map(({ withinDays }) => withinDays)), now),
  };
}

/** The first day of a window that ends today (UTC), as `YYYY-MM-DD`. Events of this day count. */
export function firstDayOf(withinDays: number, now: Date): string {
  return new Date(now.getTime() - withinDays * DAY_MS).toISOString().slice(0, 10);
}

/** The latest event that a column asks for; of several on one day, the first. */
export function latestEvent(
  events: readonly SignalEvent[],
  { kinds, withinDays }: WantedEvents,
  now: Date,
): SignalEvent | undefined {
  const since = firstDayOf(withinDays, now);
  return events
    .filter(({ kind, date }) => kinds.has(kind) && date >= since)
    .reduce<SignalEvent | undefined>(
      (latest, event) => (latest && latest.date >= event.date ? latest : event),
      undefined,
    );
}

const IN_WORDS: Readonly<Record<SignalKind, string>> = {
  funding: 'funding',
  hiring: 'surge in hiring',
  news: 'news',
  job_change: 'change of job',
};

/** `no funding, surge in hiring or news in the last 90 days` */
export function describeAbsence({ kinds, withinDays }: WantedEvents): string {
  const words = [...kinds].map((kind) => IN_WORDS[kind]);
  const listed = words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return `no ${listed} in the last ${withinDays === 1 ? 'day' : `${withinDays} days`}`;
}
