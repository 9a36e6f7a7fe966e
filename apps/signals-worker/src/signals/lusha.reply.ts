import type { SignalEvent, SignalKind } from '@uno/signals-contract';
import { itemsByRow, ProviderError } from '@uno/worker-kit';
import { z } from 'zod';
import { LUSHA_SIGNALS, lushaEntity, lushaId, lushaItemError, lushaReference, lushaReply } from './lusha.schemas.js';
import type { EventsResult, ItemFailure, SearchResult } from './signals-provider.js';

const INVALID: ItemFailure = { outcome: 'unanswered', code: 'provider_row_invalid' };

/**
 * Whom Lusha found of each entity of a search.
 *
 * @param reply parsed JSON, whatever it holds.
 * @throws ProviderError of kind `answer` when the reply as a whole cannot be believed.
 */
export function readSearchReply(reply: unknown, rows: number): readonly SearchResult[] {
  const items = itemsIn(reply).map((raw) => ({
    reference: lushaReference.safeParse(raw).data?.clientReferenceId,
    raw,
  }));
  return itemsByRow('lusha', rows, items).map((raw) => {
    const failure = failureIn(raw);
    if (failure === 'NOT_FOUND') return { outcome: 'no_match' };
    if (failure !== undefined) return failure;
    const match = lushaId.safeParse(raw);
    return match.success ? { outcome: 'match', id: match.data.id } : INVALID;
  });
}

/** What Lusha said of each id, like {@link readSearchReply}. */
export function readSignalsReply(
  reply: unknown,
  { ids, kinds }: { readonly ids: readonly string[]; readonly kinds: ReadonlySet<SignalKind> },
): readonly EventsResult[] {
  const items = itemsIn(reply).map((raw) => {
    const id = lushaId.safeParse(raw).data?.id;
    return { reference: id === undefined ? undefined : String(ids.indexOf(id)), raw };
  });
  return itemsByRow('lusha', ids.length, items).map((raw) => {
    const failure = failureIn(raw);
    if (failure === 'NOT_FOUND') return { outcome: 'unknown_id' };
    if (failure !== undefined) return failure;
    const events = eventsIn(raw, kinds);
    return events === undefined ? INVALID : { outcome: 'known', events };
  });
}

function itemsIn(reply: unknown): readonly unknown[] {
  const envelope = lushaReply.safeParse(reply);
  if (!envelope.success) throw ProviderError.ofAnswer('lusha', 'provider_invalid_answer');
  return envelope.data.results;
}

function failureIn(raw: unknown): ItemFailure | 'NOT_FOUND' | undefined {
  if (raw === undefined) return { outcome: 'unanswered', code: 'provider_row_missing' };
  const item = lushaItemError.safeParse(raw);
  if (!item.success) return INVALID;
  switch (item.data.error?.code) {
    case undefined:
      return undefined;
    case 'NOT_FOUND':
      return 'NOT_FOUND';
    case 'COMPLIANCE_RESTRICTED':
      return { outcome: 'error', code: 'provider_restricted' };
    default:
      return { outcome: 'error', code: 'provider_lookup_failed' };
  }
}

/** @returns undefined when any part of it cannot be read: what cannot be read may have been the latest. */
function eventsIn(raw: unknown, kinds: ReadonlySet<SignalKind>): readonly SignalEvent[] | undefined {
  const entity = lushaEntity.safeParse(raw);
  if (!entity.success) return undefined;
  const found: SignalEvent[] = [];
  for (const kind of kinds) {
    for (const [type, schema] of Object.entries(LUSHA_SIGNALS[kind])) {
      const events = z.array(schema).nullish().safeParse(entity.data[type]);
      if (!events.success) return undefined;
      found.push(...(events.data ?? []).map((details) => ({ kind, ...details })));
    }
  }
  return found;
}
