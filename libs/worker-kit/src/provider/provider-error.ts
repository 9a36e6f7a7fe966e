import type { ProviderFailureCode } from '@uno/workflow-contracts';
import { providerCauses } from './provider-causes.js';

/** What a call that failed as a whole can be told apart by. */
export type ProviderErrorCode = ProviderFailureCode | 'provider_refused_row';

/**
 * `row`: only the rows of the call are concerned. `page`: no further call can succeed. `retry`: the same call may
 * succeed later. `answer`: it was answered, perhaps charged, and the answer is useless: tried again, but not for long.
 */
export type ProviderErrorKind = 'row' | 'page' | 'retry' | 'answer';

interface ProviderErrorDetails {
  readonly provider: string;
  readonly kind: ProviderErrorKind;
  readonly code: ProviderErrorCode;
  readonly status?: number;
  readonly retryAfterMs?: number;
}

/**
 * A call to a provider failed as a whole. Carries codes only: no body, header, URL or cause of the call, because providers
 * echo what was looked up.
 */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly provider: string;
  readonly kind: ProviderErrorKind;
  readonly code: ProviderErrorCode;
  readonly status?: number;
  /** How long the provider asked to wait, in ms. */
  readonly retryAfterMs?: number;

  constructor(details: ProviderErrorDetails) {
    super(`${details.provider} ${providerCauses.predicateOf(details.code)}`);
    this.provider = details.provider;
    this.kind = details.kind;
    this.code = details.code;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }

  /** The answer came and cannot be believed. */
  static ofAnswer(provider: string, code: ProviderFailureCode): ProviderError {
    return new ProviderError({ provider, kind: 'answer', code });
  }

  /** Maps a refused call: 400, 404, 422 concern the row; 401, 402, 403 the page; the rest may pass. */
  static fromStatus(provider: string, status: number, retryAfterMs?: number): ProviderError {
    const [kind, code] = meaningOf(status);
    return new ProviderError({ provider, kind, code, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  }
}

function meaningOf(status: number): readonly [ProviderErrorKind, ProviderErrorCode] {
  switch (status) {
    case 401:
      return ['page', 'provider_unauthorized'];
    case 402:
      return ['page', 'provider_out_of_credits'];
    case 403:
      return ['page', 'provider_forbidden'];
    case 408:
      return ['retry', 'provider_timeout'];
    case 409:
      return ['retry', 'provider_unavailable'];
    case 429:
      return ['retry', 'provider_rate_limited'];
    default:
      if (status < 400) return ['answer', 'provider_redirected'];
      return status < 500 ? ['row', 'provider_refused_row'] : ['retry', 'provider_unavailable'];
  }
}
