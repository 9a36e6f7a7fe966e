import type { SignalEvent, SignalKind } from '@uno/signals-contract';
import { z } from 'zod';

/** Shapes of Lusha V3 replies, as far as they are read; further fields do not matter. Source: https://docs.lusha.com/api-reference/signals/company-signals */
export const lushaReply = z.object({ results: z.array(z.unknown()) });

/** How an item says which item of the request it answers: in a search, and for an id. */
export const lushaReference = z.object({ clientReferenceId: z.string() });
export const lushaId = z.object({ id: z.string().min(1) });

export const lushaItemError = z.object({ error: z.object({ code: z.string() }).nullish() });

const text = z.string().trim().min(1);
/** A day, or a moment of which the day counts. */
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T|$)/)
  .transform((date) => date.slice(0, 10))
  .pipe(z.iso.date());

type EventDetails = Omit<SignalEvent, 'kind'>;

const article = z
  .object({ articlePublishedDate: day, articleTitle: text, articleUrl: z.string().nullish() })
  .transform(({ articlePublishedDate: date, articleTitle: title, articleUrl }): EventDetails => ({
    ...{ title, date },
    url: webAddress(articleUrl),
  }));

const surgeInHiring = z
  .object({ signalDate: day, newJobsPostedLastWeek: z.number(), changeRatePercent: z.number() })
  .transform(({ signalDate: date, newJobsPostedLastWeek: jobs, changeRatePercent: percent }) =>
    withoutAddress(date, `${jobs} new jobs in a week, ${percent} % above average`),
  );

const companyChange = z
  .object({ signalDate: day, previousCompany: text, newCompany: text })
  .transform(({ signalDate: date, previousCompany: from, newCompany: to }) =>
    withoutAddress(date, `Moved from ${from} to ${to}`),
  );

const promotion = z
  .object({ signalDate: day, currentTitle: text })
  .transform(({ signalDate: date, currentTitle }) => withoutAddress(date, `Promoted to ${currentTitle}`));

/** Every type of signal that is asked for, by kind, with what an event of it says. */
export const LUSHA_SIGNALS: Readonly<Record<SignalKind, Readonly<Record<string, z.ZodType<EventDetails>>>>> = {
  funding: { financialEventsNews: article },
  hiring: { surgeInHiring },
  news: {
    commercialActivityNews: article,
    corporateStrategyNews: article,
    marketIntelligenceNews: article,
    peopleNews: article,
    productActivityNews: article,
    riskNews: article,
  },
  job_change: { companyChange, promotion },
};

/** What stands beside the events of an entity; checked, so that a reply of another form is not taken for one without events. */
export const lushaEntity = z.looseObject({ companyName: z.string().nullish(), domain: z.string().nullish() });

function withoutAddress(date: string, title: string): EventDetails {
  return { title, date, url: null };
}

/** Only an address that a browser opens as a page: whoever reads the cell may follow it. */
function webAddress(url: string | null | undefined): string | null {
  if (url == null || !URL.canParse(url)) return null;
  return ['http:', 'https:'].includes(new URL(url).protocol) ? url : null;
}
