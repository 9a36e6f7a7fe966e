/** `type` of the non-retryable failure that means: somebody else owns this job now. End without compensating. */
export const SUPERSEDED_FAILURE = 'Superseded';
/** `type` of the non-retryable failure for an input or result that breaks its contract. */
export const CONTRACT_VIOLATION_FAILURE = 'ContractViolation';
/** `type` of the non-retryable failure of a page that cannot go on; its first detail is a {@link PageFailureDetail}. */
export const PAGE_FAILED_FAILURE = 'PageFailed';

/** What a page failure carries through Temporal: codes and ids, never a message of a provider. */
export interface PageFailureDetail {
  readonly code: string;
  readonly service: string;
  readonly page: number;
  readonly step: number;
  readonly errorId?: string;
}

/**
 * Why a provider gave no answer that can be used. Codes of cells' reasons and, where no provider is left, of page failures;
 * the same for every service, so that people and alerts meet one word for one cause.
 */
export const PROVIDER_FAILURE_CODES = [
  'provider_unauthorized',
  'provider_out_of_credits',
  'provider_forbidden',
  'provider_rate_limited',
  'provider_unavailable',
  'provider_timeout',
  'provider_too_slow',
  'provider_unreachable',
  'provider_connection_lost',
  'provider_redirected',
  'provider_answered_page',
  'provider_invalid_answer',
  'provider_answer_too_large',
  'provider_answer_mixed_up',
] as const;
export type ProviderFailureCode = (typeof PROVIDER_FAILURE_CODES)[number];
