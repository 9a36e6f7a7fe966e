/** `row`: only the entities of the call are concerned. `page`: no further call can succeed. `retry`: the same call may succeed later. */
export type ProviderErrorKind = 'row' | 'page' | 'retry';

export type ProviderErrorCode =
  | 'bad_request'
  | 'provider_unauthorized'
  | 'provider_out_of_credits'
  | 'provider_forbidden'
  | 'rate_limited'
  | 'server_error'
  | 'timeout'
  | 'unreachable'
  | 'bad_reply'
  | 'reply_too_large';

/** What happened, as a predicate that follows the provider's name. Fixed texts: a provider's own words may echo personal data. */
const SENTENCES: Readonly<Record<ProviderErrorCode, string>> = {
  bad_request: 'refused the look-up as invalid',
  provider_unauthorized: 'does not accept the configured key',
  provider_out_of_credits: 'has no credits left on this account',
  provider_forbidden: 'does not allow this look-up on the current plan',
  rate_limited: 'kept refusing because of its rate limit',
  server_error: 'had an internal error',
  timeout: 'did not answer in time',
  unreachable: 'could not be reached',
  bad_reply: 'sent a reply that could not be read',
  reply_too_large: 'sent a reply larger than allowed',
};

/** The sentence for `code`, to follow a provider's name. */
export function describeProviderError(code: ProviderErrorCode): string {
  return SENTENCES[code];
}

/**
 * A call to a provider failed as a whole. Carries codes only: no body, header, URL or cause of the call, because providers
 * echo what was looked up.
 */
export class ProviderError extends Error {
  readonly provider: string;
  readonly kind: ProviderErrorKind;
  readonly code: ProviderErrorCode;
  readonly status?: number;
  /** How long the provider asked to wait, in ms. */
  readonly retryAfterMs?: number;

  constructor(details: {
    readonly provider: string;
    readonly kind: ProviderErrorKind;
    readonly code: ProviderErrorCode;
    readonly status?: number;
    readonly retryAfterMs?: number;
  }) {
    super(`${details.provider} ${SENTENCES[details.code]}`);
    this.name = 'ProviderError';
    this.provider = details.provider;
    this.kind = details.kind;
    this.code = details.code;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }

  /** Maps a refused call: 400, 404, 422 concern the row; 401, 402, 403 the page; the rest may pass. */
  static fromStatus(provider: string, status: number, retryAfterMs?: number): ProviderError {
    const error = { provider, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    switch (status) {
      case 401:
        return new ProviderError({ ...error, kind: 'page', code: 'provider_unauthorized' });
      case 402:
        return new ProviderError({ ...error, kind: 'page', code: 'provider_out_of_credits' });
      case 403:
        return new ProviderError({ ...error, kind: 'page', code: 'provider_forbidden' });
      case 429:
        return new ProviderError({ ...error, kind: 'retry', code: 'rate_limited' });
      case 408:
        return new ProviderError({ ...error, kind: 'retry', code: 'timeout' });
      case 409:
        return new ProviderError({ ...error, kind: 'retry', code: 'server_error' });
      default:
        return status >= 400 && status < 500
          ? new ProviderError({ ...error, kind: 'row', code: 'bad_request' })
          : new ProviderError({ ...error, kind: 'retry', code: 'server_error' });
    }
  }
}
