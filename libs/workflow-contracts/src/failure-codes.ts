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
