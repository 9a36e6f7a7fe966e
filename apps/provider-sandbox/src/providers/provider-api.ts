import type { CrmStore } from '../crm/crm-store.js';
import type { Directory } from '../data/directory.js';
import type { Usage } from '../limits/rate-limiter.js';

export const PROVIDER_NAMES = ['lusha', 'pdl', 'openai', 'hubspot'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** The providers that know companies and contacts, each with its own view of them. */
export type EntityProvider = Extract<ProviderName, 'lusha' | 'pdl'>;

export const ENTITY_TYPES = ['company', 'contact'] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

/** One item of a call, already normalised. `reference` is what the caller wants back beside the answer. */
export interface LookUp {
  /** Null for an item that names no entity; such an item gets an error of its own. */
  readonly key: string | null;
  readonly reference?: unknown;
  /** The caller's own key of this item, where the provider's protocol has one. */
  readonly idempotencyKey?: string | undefined;
}

/** A request as the route understands it. */
export interface Inquiry {
  readonly lookUps: readonly LookUp[];
  /** Answers, and carries out what the call writes: to be called once. */
  answer(source: AnswerSource): Answer;
}

/** What a route answers from; faults put a poorer one in its place. */
export type Knowledge = Pick<Directory, 'company' | 'contact' | 'signals' | 'promptValue'>;

/** What a fault does to one item of a call: it gets no answer, or an error by the provider's code for it. */
export type ItemFault = 'left_out' | { readonly code: string };

export interface AnswerSource {
  readonly directory: Knowledge;
  readonly crm: CrmStore;
  readonly callId: string;
  /** In ms since the epoch, by the sandbox's clock. */
  readonly now: number;
  readonly itemFault?: (index: number) => ItemFault | undefined;
  /** The reply shall hold nothing: for routes that do not answer from the directory. */
  readonly empty?: boolean;
}

export type WriteEffect = 'created' | 'updated' | 'unchanged' | 'archived';

/** What an item of a call did to a record. */
export interface ItemWrite {
  readonly recordId: string;
  readonly effect: WriteEffect;
}

/** What a route answers, and which items the provider bills. */
export interface Answer {
  /** 200 when absent. */
  readonly status?: number;
  /** Undefined for a reply without a body. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Parallel to the look-ups. */
  readonly billable: readonly boolean[];
  /** Parallel to the look-ups. */
  readonly writes?: readonly (ItemWrite | undefined)[];
}

/** Where a reply differs from the documented form. */
export const WRONG_PARTS = ['envelope', 'items', 'references', 'content'] as const;
export type WrongPart = (typeof WRONG_PARTS)[number];

export interface ProviderRoute {
  readonly path: string;
  /** @returns undefined for a body that the provider refuses with 400. */
  parse(body: unknown, ids: Pick<Directory, 'keyOf'>): Inquiry | undefined;
  /** The answer in a form that the provider does not document. */
  misshape(answer: Answer, part: WrongPart): Answer;
}

export type RefusalCause =
  'invalid_request' | 'unauthorized' | 'out_of_credits' | 'forbidden' | 'rate_limited' | 'server_error';

/** One provider's HTTP manners. */
export interface ProviderApi {
  readonly name: ProviderName;
  /** Header that carries the caller's key. */
  readonly keyHeader: string;
  /** What stands before the key in that header. */
  readonly keyScheme?: 'Bearer';
  /** Calls per second that the sandbox enforces unless told otherwise; null for no limit. */
  readonly defaultRequestsPerSecond: number | null;
  /** The time over which the limit is enforced; 1,000 ms when absent. */
  readonly limitWindowMs?: number;
  readonly routes: readonly ProviderRoute[];
  /** Codes of the errors that single items of a reply can have, apart from no match. */
  readonly itemErrors: readonly string[];
  /** In which parts `wrong_schema` can hit this provider's replies; the first is meant when a fault names none. */
  readonly wrongParts: readonly [WrongPart, ...WrongPart[]];
  readonly outOfCreditsStatus: number;
  errorBody(status: number, message: string, cause: RefusalCause): unknown;
  /** Headers of every reply that passed the key check. */
  usageHeaders(usage: Usage): Readonly<Record<string, string>>;
}
