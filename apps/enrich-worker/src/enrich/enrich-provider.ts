import type { EnrichAttribute } from '@uno/enrich-contract';
import type { EntityIdentity, EntityType, ProviderAccount } from '@uno/worker-kit';
import type { EnrichCauseCode } from './enrich-causes.js';

export type AttributeValue = string | number;
/** What a provider knows of one entity; an attribute it does not know is absent, never empty. */
export type AttributeValues = Readonly<Partial<Record<EnrichAttribute, AttributeValue>>>;

/**
 * A provider's answer to one look-up. `charged` is true when the provider bills it. `unusable` names attributes that it
 * knows but whose value no cell can hold. `unanswered`: the row is missing or unreadable in the reply, so it may be asked again.
 */
export type ItemResult =
  | {
      readonly outcome: 'found';
      readonly values: AttributeValues;
      readonly unusable?: readonly EnrichAttribute[];
      readonly charged: boolean;
    }
  | { readonly outcome: 'not_found'; readonly charged: false }
  | { readonly outcome: 'error'; readonly code: EnrichCauseCode; readonly charged: false }
  | { readonly outcome: 'unanswered'; readonly code: EnrichCauseCode; readonly charged: false };

/** One call: up to {@link EnrichProvider.maxLookupsPerCall} entities of one type. */
export interface LookUpRequest {
  readonly entityType: EntityType;
  /** The attributes somebody wants; providers that reveal fields one by one reveal no more than these. */
  readonly attributes: ReadonlySet<EnrichAttribute>;
  readonly entities: readonly EntityIdentity[];
}

/** A provider of company and contact data. One instance per account; safe for calls in parallel. */
export abstract class EnrichProvider implements ProviderAccount {
  abstract readonly name: string;
  abstract readonly title: string;
  abstract readonly maxLookupsPerCall: number;
  abstract readonly account: string;
  abstract readonly requestsPerSecond: number;

  /**
   * Looks all entities up in one call.
   *
   * @returns one result per entity, in the order of the request.
   * @throws ProviderError when the call as a whole failed; the reason of `signal` when it was aborted.
   */
  abstract lookUp(request: LookUpRequest, signal: AbortSignal): Promise<readonly ItemResult[]>;
}
