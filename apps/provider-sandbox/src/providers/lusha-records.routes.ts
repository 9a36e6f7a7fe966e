import type { CompanyRecord, ContactRecord } from '../data/directory.js';
import { normaliseLookupKey } from '../data/lookup-key.js';
import { companyItem, companyPreview, contactItem, contactPreview, itemError } from './lusha-items.js';
import type { ContactItem } from './lusha.schemas.js';
import { companiesBody, contactsBody } from './lusha.schemas.js';
import { misshapenList, resultsShape, unbilled } from './misshapen.js';
import type { Answer, AnswerSource, LookUp, ProviderRoute } from './provider-api.js';

/** An entity as a route shows it. */
interface Views {
  readonly company: (record: CompanyRecord) => object;
  readonly contact: (record: ContactRecord, reveal: readonly string[]) => object;
}

/** One item of a request. */
interface Item extends LookUp {
  readonly key: string;
  /** False for an id that was never given out. */
  readonly known: boolean;
}

/** Sources: https://docs.lusha.com/enrichment/search-and-enrich-companies, /search-and-enrich-contacts */
export const enrichRoutes = routesFor('search-and-enrich', { company: companyItem, contact: contactItem });

/** Sources: https://docs.lusha.com/enrichment/search-companies, /search-contacts */
export const searchRoutes = routesFor('search', { company: companyPreview, contact: contactPreview });

function routesFor(action: string, views: Views): readonly ProviderRoute[] {
  const shape = resultsShape('clientReferenceId');
  const misshape: ProviderRoute['misshape'] = (answer, part) =>
    unbilled(answer, misshapenList(shape, answer.body, part));
  const companies: ProviderRoute = {
    path: `/v3/companies/${action}`,
    parse: (body, ids) => {
      const parsed = companiesBody.safeParse(body);
      if (!parsed.success) return undefined;
      const items = parsed.data.companies.map((item): Item => {
        const key = item.id === undefined ? (item.domain ?? item.name ?? '') : ids.keyOf('company', item.id);
        return itemOf(key, item);
      });
      const viewOf = (key: string, { directory }: AnswerSource): object | undefined => {
        const record = directory.company('lusha', key);
        return record && views.company(record);
      };
      return { lookUps: items, answer: (source) => answerItems(items, source, viewOf) };
    },
    misshape,
  };
  const contacts: ProviderRoute = {
    path: `/v3/contacts/${action}`,
    parse: (body, ids) => {
      const parsed = contactsBody.safeParse(body);
      if (!parsed.success) return undefined;
      const reveal = parsed.data.reveal ?? ['emails', 'phones'];
      const items = parsed.data.contacts.map((item): Item => {
        const key = item.id === undefined ? identityOf(item) : ids.keyOf('contact', item.id);
        return itemOf(key, item);
      });
      const viewOf = (key: string, { directory }: AnswerSource): object | undefined => {
        const record = directory.contact('lusha', key);
        return record && views.contact(record, reveal);
      };
      return { lookUps: items, answer: (source) => answerItems(items, source, viewOf) };
    },
    misshape,
  };
  return [companies, contacts];
}

function identityOf({ email, firstName = '', lastName = '', companyDomain, companyName }: ContactItem): string {
  return email ?? `${firstName} ${lastName}|${companyDomain ?? companyName ?? ''}`;
}

function itemOf(
  key: string | undefined,
  { id = '', clientReferenceId }: { readonly id?: string | undefined; readonly clientReferenceId?: string | undefined },
): Item {
  return { key: normaliseLookupKey(key ?? id), known: key !== undefined, reference: clientReferenceId };
}

function answerItems(
  items: readonly Item[],
  source: AnswerSource,
  viewOf: (key: string, source: AnswerSource) => object | undefined,
): Answer {
  const entries = items.map(({ key, known, reference }, index) => {
    const fault = source.itemFault?.(index);
    const view = known && fault === undefined ? viewOf(key, source) : undefined;
    const content = view ?? itemError(typeof fault === 'object' ? fault.code : 'NOT_FOUND');
    return {
      answered: fault !== 'left_out',
      billable: view !== undefined,
      result: { ...(reference !== undefined && { clientReferenceId: reference }), ...content },
    };
  });
  const billable = entries.map((entry) => entry.billable);
  const matched = billable.filter(Boolean).length;
  return {
    body: {
      requestId: source.callId,
      results: entries.filter(({ answered }) => answered).map(({ result }) => result),
      billing: { creditsCharged: matched, resultsReturned: matched },
    },
    billable,
  };
}
