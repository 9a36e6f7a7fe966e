import type { z } from 'zod';
import type { SignalEvent } from '../data/signals.js';
import { itemError } from './lusha-items.js';
import type { SignalsBody } from './lusha.schemas.js';
import { companySignalsBody, contactSignalsBody } from './lusha.schemas.js';
import { misshapenList, resultsShape, unbilled } from './misshapen.js';
import type { Answer, AnswerSource, EntityType, ProviderRoute } from './provider-api.js';

/** Sources: https://docs.lusha.com/api-reference/signals/company-signals, /contact-signals */
export const signalsRoutes: readonly ProviderRoute[] = [
  routeFor('company', '/v3/companies/signals', companySignalsBody),
  routeFor('contact', '/v3/contacts/signals', contactSignalsBody),
];

const DAY_MS = 86_400_000;
/** How far back Lusha looks when it is not told. */
const DEFAULT_DAYS = 180;

interface Asked {
  readonly id: string;
  readonly key: string;
  /** False for an id that was never given out. */
  readonly known: boolean;
}

function routeFor(entityType: EntityType, path: string, schema: z.ZodType<SignalsBody>): ProviderRoute {
  const shape = resultsShape('id');
  return {
    path,
    parse: (body, ids) => {
      const parsed = schema.safeParse(body);
      if (!parsed.success) return undefined;
      const asked = parsed.data.ids.map((id): Asked => {
        const key = ids.keyOf(entityType, id);
        return { id, key: key ?? id, known: key !== undefined };
      });
      return { lookUps: asked, answer: (source) => answer(entityType, asked, { ...parsed.data, source }) };
    },
    misshape: (reply, part) => unbilled(reply, misshapenList(shape, reply.body, part)),
  };
}

function answer(
  entityType: EntityType,
  asked: readonly Asked[],
  { source, ...body }: SignalsBody & { readonly source: AnswerSource },
): Answer {
  const startDate = body.startDate ?? new Date(source.now - DEFAULT_DAYS * DAY_MS).toISOString().slice(0, 10);
  const entries = asked.map(({ id, key, known }, index) => {
    const fault = source.itemFault?.(index);
    const entity = known && fault === undefined ? resultOf(entityType, { id, key }, source) : undefined;
    const events = entity ? source.directory.signals(entityType, key, source.now) : [];
    const byType = entity ? matched(events, { ...body, startDate }) : {};
    return {
      answered: fault !== 'left_out',
      charged: Object.values(byType).flat().length,
      result: entity
        ? { ...entity, ...byType }
        : { id, ...itemError(typeof fault === 'object' ? fault.code : 'NOT_FOUND') },
    };
  });
  const billable = entries.map(({ charged }) => charged > 0);
  return {
    body: {
      results: entries.filter(({ answered }) => answered).map(({ result }) => result),
      startDate,
      endDate: new Date(source.now).toISOString().slice(0, 10),
      billing: {
        creditsCharged: entries.reduce((sum, { charged }) => sum + charged, 0),
        resultsReturned: billable.filter(Boolean).length,
      },
    },
    billable,
  };
}

function resultOf(
  entityType: EntityType,
  { id, key }: { readonly id: string; readonly key: string },
  { directory }: AnswerSource,
): object | undefined {
  if (entityType === 'contact') return directory.contact('lusha', key) && { id };
  const company = directory.company('lusha', key);
  return company && { id, companyName: company.name, domain: company.values.website?.replace('https://', '') ?? null };
}

/** The newest events of each type asked for that has any, by the type's name. */
function matched(
  events: readonly SignalEvent[],
  { signalTypes, startDate, maxResultsPerSignal }: SignalsBody & { readonly startDate: string },
): Readonly<Record<string, readonly object[]>> {
  const recent = events.filter(({ date }) => date >= startDate);
  const asked = new Set(
    recent.map(({ type }) => type).filter((type) => signalTypes.some((one) => one === type || one === 'allSignals')),
  );
  return Object.fromEntries(
    [...asked].map((type) => [
      type,
      recent
        .filter((event) => event.type === type)
        .slice(0, maxResultsPerSignal)
        .map(({ details }) => details),
    ]),
  );
}
