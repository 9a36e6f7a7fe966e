import type { Directory } from '../data/directory.js';
import type { Usage } from '../limits/rate-limiter.js';

export const PROVIDER_NAMES = ['lusha', 'pdl'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

export const ENTITY_TYPES = ['company', 'contact'] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

/** One entity of a call, already normalised. `reference` is what the caller wants back beside the answer. */
export interface LookUp {
  /** Null for an item that names no entity; such an item gets an error of its own. */
  readonly key: string | null;
  readonly reference: unknown;
}

/** A request as the route understands it. */
export interface ParsedRequest {
  readonly lookUps: readonly LookUp[];
  /** Fields the caller asks to reveal; undefined reveals all. */
  readonly reveal?: readonly string[];
}

/** What a route answers from; faults put a poorer one in its place. */
export type Knowledge = Pick<Directory, 'company' | 'contact'>;

export interface AnswerSource {
  readonly directory: Knowledge;
  readonly callId: string;
  /** The code of the error that the item at this index has instead of an answer, if any. */
  readonly itemError?: (index: number) => string | undefined;
}

/** What a route answers with 200, and which items the provider bills. */
export interface Answer {
  readonly body: unknown;
  readonly billable: readonly boolean[];
}

export interface ProviderRoute {
  readonly path: string;
  readonly entityType: EntityType;
  /** @returns undefined for a body that the provider refuses with 400. */
  parse(body: unknown): ParsedRequest | undefined;
  answer(request: ParsedRequest, source: AnswerSource): Answer;
}

/** One provider's HTTP manners. */
export interface ProviderApi {
  readonly name: ProviderName;
  /** Header that carries the caller's key. */
  readonly keyHeader: string;
  /** Calls per second that the sandbox enforces unless told otherwise; null for no limit. */
  readonly defaultRequestsPerSecond: number | null;
  readonly routes: readonly ProviderRoute[];
  /** Codes of the errors that single items of a bulk reply can have, apart from no match. */
  readonly itemErrors: readonly string[];
  /** Field of an item that carries the caller's reference back. */
  readonly referenceField: string;
  /** Another envelope around the items of this route's 200. */
  withItems(body: unknown, change: (items: readonly object[]) => readonly object[]): unknown;
  errorBody(status: number, message: string): unknown;
  /** Headers of every reply that passed the key check. */
  usageHeaders(usage: Usage): Readonly<Record<string, string>>;
  /** Headers of a 200. */
  chargeHeaders(charged: number, entityType: EntityType): Readonly<Record<string, string>>;
}
