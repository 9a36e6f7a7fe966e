import type { CrmObject } from '@uno/crm-contract';
import { ProviderError, type ProviderAccount } from '@uno/worker-kit';
import type { CrmCauseCode } from './crm-causes.js';

/** Properties of a record as the CRM keeps them: texts, null where it holds none. */
export type RecordProperties = Readonly<Record<string, string | null>>;

/** How records of one kind are found: by a property that is unique there. */
export interface RecordFinder {
  readonly object: CrmObject;
  readonly idProperty: string;
}

/** The CRM did not say, or failed for this record alone: it may be asked again. */
interface Unanswered {
  readonly outcome: 'unanswered';
  readonly code: CrmCauseCode;
}

export type RecordRead =
  | { readonly outcome: 'found'; readonly recordId: string; readonly properties: RecordProperties }
  | { readonly outcome: 'absent' }
  | Unanswered;

/** `refused`: nothing was written, and a repeat would not be either. */
export type RecordWrite =
  | { readonly outcome: 'written'; readonly recordId: string }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'refused'; readonly code: CrmCauseCode }
  | Unanswered;

export interface ReadRequest extends RecordFinder {
  readonly properties: readonly string[];
  /** Each at most once, in the form of {@link matchValueOf}. */
  readonly values: readonly string[];
}

export interface UpsertRequest extends RecordFinder {
  readonly writes: readonly {
    /** What finds the record; each at most once. */
    readonly value: string;
    readonly properties: Readonly<Record<string, string>>;
    /** Idempotency key of the write: the same for every try of it. */
    readonly key: string;
  }[];
}

export interface UpdateRequest {
  readonly object: CrmObject;
  readonly writes: readonly {
    readonly recordId: string;
    /** Null empties a property. */
    readonly properties: RecordProperties;
    readonly key: string;
  }[];
}

/** Nothing of a call was written, because the CRM has none of these properties. They are names that the call itself gave. */
export class UnknownProperties extends ProviderError {
  constructor(
    provider: string,
    readonly properties: readonly string[],
  ) {
    super({ provider, kind: 'row', code: 'provider_refused_row', status: 400 });
  }
}

/**
 * A CRM. One instance per account; safe for calls in parallel. Each method is one call, for up to 100 records, and answers for
 * each in the order of the request.
 *
 * @throws ProviderError when a call as a whole failed; the reason of the signal when it was aborted.
 */
export abstract class CrmProvider implements ProviderAccount {
  abstract readonly name: string;
  abstract readonly title: string;
  abstract readonly account: string;
  abstract readonly requestsPerSecond: number;

  abstract read(request: ReadRequest, signal: AbortSignal): Promise<readonly RecordRead[]>;

  /**
   * Creates what is not there and updates what is; a repeat changes nothing.
   *
   * @throws UnknownProperties when the CRM says which properties it does not have.
   */
  abstract upsert(request: UpsertRequest, signal: AbortSignal): Promise<readonly RecordWrite[]>;

  abstract update(request: UpdateRequest, signal: AbortSignal): Promise<readonly RecordWrite[]>;

  /** What is archived already counts as written. */
  abstract archive(
    object: CrmObject,
    recordIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly RecordWrite[]>;
}
