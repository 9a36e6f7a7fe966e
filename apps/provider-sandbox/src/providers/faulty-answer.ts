import type { CompanyRecord, ContactRecord } from '../data/directory.js';
import type { Fault, FaultOf } from '../faults/fault.js';
import type { Answer, AnswerSource, Knowledge, ParsedRequest, ProviderApi, ProviderRoute } from './provider-api.js';

/** The faults that answer 200 in time, with JSON, and wrong. */
type LyingFault = FaultOf<'wrong_schema' | 'empty_result' | 'partial_batch' | 'item_error'>;

const LYING: ReadonlySet<Fault['fault']> = new Set(['wrong_schema', 'empty_result', 'partial_batch', 'item_error']);

export function isLying(fault: Fault | undefined): fault is LyingFault {
  return fault !== undefined && LYING.has(fault.fault);
}

interface Question {
  readonly api: ProviderApi;
  readonly route: ProviderRoute;
  readonly request: ParsedRequest;
  readonly source: AnswerSource;
}

/** What the route answers under `fault`; `billable` stays parallel to the look-ups of the request. */
export function faultyAnswer({ api, route, request, source }: Question, fault: LyingFault): Answer {
  const { lookUps } = request;
  const none = lookUps.map(() => false);
  switch (fault.fault) {
    case 'wrong_schema':
      return { body: misshapen(api, route.answer(request, source).body, fault.params.part), billable: none };
    case 'empty_result': {
      const directory = fault.params.of === 'matches' ? NOTHING : withoutValues(source.directory);
      return route.answer(request, { ...source, directory });
    }
    case 'partial_batch': {
      const kept = lookUps.slice(hit(lookUps.length, fault.params.share));
      const { body, billable } = route.answer({ ...request, lookUps: kept }, source);
      return { body, billable: [...none.slice(kept.length), ...billable] };
    }
    case 'item_error': {
      const failing = hit(lookUps.length, fault.params.share);
      return route.answer(request, {
        ...source,
        itemError: (index) => (index < failing ? fault.params.code : undefined),
      });
    }
  }
}

const NOTHING: Knowledge = { company: () => undefined, contact: () => undefined };

function withoutValues(directory: Knowledge): Knowledge {
  const emptied = <Entity extends CompanyRecord | ContactRecord>(record: Entity | undefined): Entity | undefined =>
    record && { ...record, values: {} };
  return {
    company: (provider, key) => emptied(directory.company(provider, key)),
    contact: (provider, key) => emptied(directory.contact(provider, key)),
  };
}

/** How many of `count` items a share hits: the first ones, at least one. */
function hit(count: number, share: number): number {
  return Math.max(1, Math.round(count * share));
}

function misshapen(api: ProviderApi, body: unknown, part: FaultOf<'wrong_schema'>['params']['part']): unknown {
  const field = api.referenceField;
  const referenceOf = (item: object): unknown => (item as Record<string, unknown>)[field];
  switch (part) {
    case 'envelope':
      return { apiVersion: 'v9', payload: { rows: body } };
    case 'items':
      return api.withItems(body, (items) =>
        items.map((item) => ({ ...(retyped(item) as object), [field]: referenceOf(item) })),
      );
    case 'references':
      return api.withItems(body, (items) => [...items, ...items.slice(0, 1)]);
  }
}

/** Numbers for texts and texts for numbers, all the way down. */
function retyped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(retyped);
  if (typeof value === 'string') return value.length;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, retyped(inner)]));
}
