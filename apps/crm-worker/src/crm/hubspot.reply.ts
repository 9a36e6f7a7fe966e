import { ProviderError } from '@uno/worker-kit';
import type { RecordFinder, RecordProperties, RecordRead, RecordWrite } from './crm-provider.js';
import {
  hubspotError,
  hubspotPropertyRefusal,
  hubspotRecord,
  hubspotReply,
  type HubspotError,
  type HubspotItem,
} from './hubspot.schemas.js';
import { matchValueOf } from './property-values.js';

interface HubspotRecord {
  readonly recordId: string;
  readonly properties: RecordProperties;
  readonly key?: string | undefined;
}

interface BatchReply {
  readonly records: readonly HubspotRecord[];
  readonly errors: readonly HubspotError[];
  /** What is left to say of an input that the reply does not name. */
  readonly otherwise: Extract<RecordRead, { outcome: 'unanswered' }>;
}

/**
 * What a batch read said of each value.
 *
 * @param reply parsed JSON, whatever it holds.
 * @throws ProviderError of kind `answer` when the reply as a whole cannot be believed.
 */
export function readReadReply(reply: unknown, idProperty: string, values: readonly string[]): readonly RecordRead[] {
  const { records, errors, otherwise } = parse(reply);
  // A record that nobody asked for is no danger: each is known by the very property that it was asked by.
  const found = byName(records, ({ properties }) => matchValueOf(idProperty, properties[idProperty]));
  return values.map((value): RecordRead => {
    const record = found.get(value);
    if (record) return { outcome: 'found', recordId: record.recordId, properties: record.properties };
    const error = errors.find(({ context }) => context.ids.some((id) => matchValueOf(idProperty, id) === value));
    if (!error) return otherwise;
    return error.category === NOT_FOUND
      ? { outcome: 'absent' }
      : { outcome: 'unanswered', code: 'provider_unavailable' };
  });
}

/** An input of a batch write, by everything that HubSpot may call it. */
export interface WriteInput {
  /** Value of the unique property, or id of the record. */
  readonly id: string;
  readonly key?: string;
}

/** What a batch write said of each input; a reply without a body says that all of it is done. Throws as {@link readReadReply}. */
export function readWriteReply(
  reply: unknown,
  inputs: readonly WriteInput[],
  finder?: Pick<RecordFinder, 'idProperty'>,
): readonly RecordWrite[] {
  const { records, errors, otherwise } = parse(reply);
  const byKey = byName(records, ({ key }) => key);
  const byId = byName(records, ({ recordId, properties }) =>
    finder ? matchValueOf(finder.idProperty, properties[finder.idProperty]) : recordId,
  );
  return inputs.map(({ id, key }): RecordWrite => {
    const record = (key === undefined ? undefined : byKey.get(key)) ?? byId.get(id);
    if (record) return { outcome: 'written', recordId: record.recordId };
    const error = errors.find(({ context }) =>
      context.objectWriteTraceId.length > 0 && key !== undefined
        ? context.objectWriteTraceId.includes(key)
        : context.ids.includes(id),
    );
    return error ? outcomeOf(error) : otherwise;
  });
}

/** Which of the properties that a call gave do not exist, from the body of its refusal: no other word of that goes on. */
export function readUnknownProperties(body: unknown, given: ReadonlySet<string>): readonly string[] {
  const errors = hubspotPropertyRefusal.safeParse(body).data?.errors ?? [];
  const named = errors.flatMap(({ code, context }) => (code === 'PROPERTY_DOESNT_EXIST' ? context.propertyName : []));
  return [...new Set(named)].filter((name) => given.has(name));
}

const NOT_FOUND = 'OBJECT_NOT_FOUND';

function outcomeOf({ category }: HubspotError): RecordWrite {
  switch (category) {
    case NOT_FOUND:
      return { outcome: 'absent' };
    case 'VALIDATION_ERROR':
      return { outcome: 'refused', code: 'provider_refused_row' };
    case 'CONFLICT':
    case 'OBJECT_ALREADY_EXISTS':
      return { outcome: 'refused', code: 'provider_conflict' };
    default:
      return { outcome: 'unanswered', code: 'provider_unavailable' };
  }
}

function parse(reply: unknown): BatchReply {
  const envelope = hubspotReply.safeParse(reply);
  if (!envelope.success) throw ProviderError.ofAnswer('hubspot', 'provider_invalid_answer');
  const records = envelope.data.results.map((raw) => hubspotRecord.safeParse(raw));
  const errors = envelope.data.errors.map((raw) => hubspotError.safeParse(raw));
  const isReadable = [...records, ...errors].every(({ success }) => success);
  return {
    records: records.flatMap(({ data }) => (data ? [recordOf(data)] : [])),
    errors: errors.flatMap(({ data }) => (data ? [data] : [])),
    otherwise: { outcome: 'unanswered', code: isReadable ? 'provider_row_missing' : 'provider_row_invalid' },
  };
}

/** A property that was emptied may come back as an empty text. */
function recordOf({ id, properties, objectWriteTraceId }: HubspotItem): HubspotRecord {
  const known = Object.entries(properties).map(([name, value]) => [name, value === '' ? null : value] as const);
  return { recordId: id, properties: Object.fromEntries(known), key: objectWriteTraceId };
}

/** @throws ProviderError when two records have one name: whoever mixes up one row may have mixed up all. */
function byName(
  records: readonly HubspotRecord[],
  nameOf: (record: HubspotRecord) => string | undefined,
): ReadonlyMap<string, HubspotRecord> {
  const named = new Map<string, HubspotRecord>();
  for (const record of records) {
    const name = nameOf(record);
    if (name === undefined) continue;
    if (named.has(name)) throw ProviderError.ofAnswer('hubspot', 'provider_answer_mixed_up');
    named.set(name, record);
  }
  return named;
}
