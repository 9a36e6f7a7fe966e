import type { SignalEvent, SignalKind } from '@uno/signals-contract';
import type { EntityIdentity, EntityType, ProviderAccount } from '@uno/worker-kit';
import type { SignalsCauseCode } from './signals-causes.js';

/** Why there is no answer for one item. `unanswered`: it is missing or unreadable in the reply, so it may be asked again. */
export interface ItemFailure {
  readonly outcome: 'error' | 'unanswered';
  readonly code: SignalsCauseCode;
}

/** A match is charged. The id is the provider's own and means nothing elsewhere. */
export type SearchResult =
  { readonly outcome: 'match'; readonly id: string } | { readonly outcome: 'no_match' } | ItemFailure;

/** Charged when there is any event. */
export type EventsResult =
  | { readonly outcome: 'known'; readonly events: readonly SignalEvent[] }
  | { readonly outcome: 'unknown_id' }
  | ItemFailure;

export interface SearchRequest {
  readonly entityType: EntityType;
  readonly entities: readonly EntityIdentity[];
}

export interface EventsRequest {
  readonly entityType: EntityType;
  /** Each at most once. */
  readonly ids: readonly string[];
  readonly kinds: ReadonlySet<SignalKind>;
  /** `YYYY-MM-DD`; events of this day count. */
  readonly since: string;
}

/**
 * A provider of events. One instance per account; safe for calls in parallel. Each method is one call and answers for each
 * item, in the order of the request.
 *
 * @throws ProviderError when a call as a whole failed; the reason of the signal when it was aborted.
 */
export abstract class SignalsProvider implements ProviderAccount {
  abstract readonly name: string;
  abstract readonly title: string;
  abstract readonly account: string;
  abstract readonly requestsPerSecond: number;

  /** Finds the provider's ids of the entities. */
  abstract search(request: SearchRequest, signal: AbortSignal): Promise<readonly SearchResult[]>;

  /** The latest events of every kind asked for: at least the latest one of each. */
  abstract events(request: EventsRequest, signal: AbortSignal): Promise<readonly EventsResult[]>;
}
