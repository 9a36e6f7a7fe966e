import type { EntityType } from '../providers/provider-api.js';
import type { Dice } from './dice.js';
import type { CompanyRecord, ContactRecord } from './directory.js';
import { HIRING, JOB_TITLES, NEWS } from './word-lists.js';

/** An event at a company or in a person's career. */
export interface SignalEvent {
  /** By the name that Lusha has for it. */
  readonly type: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** A headline; for an event without one, a sentence of its figures. */
  readonly title: string;
  readonly url: string | null;
  /** The event as Lusha describes it. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** The kinds of the product by Lusha's names; a kind that an entity type does not have is empty. */
export const SIGNAL_KINDS: Readonly<Record<EntityType, Readonly<Record<string, readonly string[]>>>> = {
  company: {
    funding: ['financialEventsNews'],
    hiring: [HIRING],
    news: [
      'commercialActivityNews',
      'corporateStrategyNews',
      'marketIntelligenceNews',
      'peopleNews',
      'productActivityNews',
      'riskNews',
    ],
    job_change: [],
  },
  contact: { funding: [], hiring: [], news: [], job_change: ['companyChange', 'promotion'] },
};

const CONTACT_TYPES = ['companyChange', 'promotion'] as const;
const COMPANY_TYPES = [HIRING, ...Object.keys(NEWS)];

const WITHOUT_SIGNALS = 0.15;
/** Share of the entities with signals that have none of one type. */
const WITHOUT_TYPE = 0.4;
const MOST_PER_TYPE = 3;
const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;

interface Occurrence {
  readonly type: string;
  readonly label: string;
  readonly day: number;
  readonly date: string;
}

export function companySignals(company: CompanyRecord, dice: Dice, nowMs: number): readonly SignalEvent[] {
  const { id, name, values } = company;
  const about = { companyId: id, companyName: name, domain: values.website?.replace('https://', '') ?? null };
  return occurrences(COMPANY_TYPES, dice, nowMs).map((occurrence) => {
    const { type, label, date } = occurrence;
    const signalId = String(dice.integer(`${label} id`, 1_000_000, 9_999_999));
    if (type === HIRING) {
      const historicalAvg = dice.integer(`${label} average`, 2, 20);
      const newJobsPostedLastWeek = historicalAvg + dice.integer(`${label} jobs`, 5, 60);
      const changeRatePercent = Math.round((newJobsPostedLastWeek / historicalAvg - 1) * 100);
      const title = `${newJobsPostedLastWeek} new jobs in a week, ${changeRatePercent} % above average`;
      const figures = { newJobsPostedLastWeek, historicalAvg, changeRatePercent };
      return { type, date, title, url: null, details: { ...about, signalId, signalDate: date, ...figures } };
    }
    const [eventType, wording] = dice.pick(`${label} story`, NEWS[type] ?? []) ?? ['Recognition', 'is in the news'];
    const title = `${name} ${wording.replace('#', String(dice.integer(`${label} figure`, 2, 90)))}`;
    const url = `https://news.example/${signalId}`;
    const details = {
      ...about,
      signalId,
      eventType,
      eventSummary: `${title}.`,
      articlePublishedDate: date,
      articleTitle: title,
      articleHighlight: `${title}, as the company said.`,
      eventEffectiveDate: dateOf(occurrence.day - dice.integer(`${label} notice`, 0, 10)),
      articleUrl: url,
    };
    return { type, date, title, url, details };
  });
}

export function contactSignals(contact: ContactRecord, dice: Dice, nowMs: number): readonly SignalEvent[] {
  const { id, values } = contact;
  const newCompany = values.company ?? 'Northwind';
  return occurrences(CONTACT_TYPES, dice, nowMs).map(({ type, label, date }) => {
    if (type === 'companyChange') {
      const previousCompany = dice.pick(`${label} from`, ['Contoso', 'Fabrikam', 'Initech', 'Globex', 'Umbra']);
      const title = `Moved from ${previousCompany} to ${newCompany}`;
      return { type, date, title, url: null, details: { id, signalDate: date, previousCompany, newCompany } };
    }
    const currentTitle = dice.pick(`${label} title`, JOB_TITLES);
    const details = { id, signalDate: date, currentTitle, currentCompanyName: newCompany };
    return { type, date, title: `Promoted to ${currentTitle}`, url: null, details };
  });
}

/**
 * When what happens, newest first. An event keeps its date as time goes on and comes back a year later; no two events of an
 * entity are on one day, so that which one is the latest is never open.
 */
function occurrences(types: readonly string[], dice: Dice, nowMs: number): readonly Occurrence[] {
  if (dice.fraction('any') < WITHOUT_SIGNALS) return [];
  const today = Math.floor(nowMs / DAY_MS);
  // Each type has days of its own: those that leave its index when divided by the number of types.
  const slots = Math.floor(YEAR_DAYS / types.length / MOST_PER_TYPE);
  return types
    .flatMap((type, index) => {
      if (dice.fraction(`${type} any`) < WITHOUT_TYPE) return [];
      const count = dice.integer(`${type} count`, 1, MOST_PER_TYPE);
      return Array.from({ length: count }, (_, each) => {
        const label = `${type} ${each}`;
        const slot = each * slots + dice.integer(`${label} slot`, 0, slots - 1);
        const dayOfYear = slot * types.length + index;
        const day = today - ((today - dayOfYear) % YEAR_DAYS);
        return { type, label, day, date: dateOf(day) };
      });
    })
    .sort((one, other) => other.day - one.day);
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
