import type { ProviderFailureCode } from '@uno/workflow-contracts';

/** What can be wrong with one row's answer although the call itself succeeded. */
export type RowFailureCode =
  | 'provider_refused_row'
  | 'provider_restricted'
  | 'provider_enrich_failed'
  | 'provider_row_missing'
  | 'provider_row_invalid'
  | 'provider_value_unusable';

export type ProviderCauseCode = ProviderFailureCode | RowFailureCode;

/** A provider as people know it. The variables that configure it begin with its name in capitals. */
export interface NamedProvider {
  readonly name: string;
  readonly title: string;
}

interface Cause {
  /** Follows the provider's name. */
  readonly predicate: string;
  /** What to do, as a sentence. */
  readonly advice: (provider: NamedProvider) => string;
}

const variable = ({ name }: NamedProvider, setting: string): string => `${name.toUpperCase()}_${setting}`;
const tryLater = ({ title }: NamedProvider): string =>
  `Try the cells again later; if it stays, tell the support of ${title}.`;
const tryAgain = (provider: NamedProvider): string =>
  `Try the cells again; if it stays, check ${variable(provider, 'URL')} or tell the support of ${provider.title}.`;
const byHand = ({ title }: NamedProvider): string => `Look it up at ${title} and type it in by hand.`;

/**
 * Every way in which a provider fails, for people: what happened and what to do. Fixed texts, because a provider's own words
 * may echo personal data.
 */
const CAUSES: Readonly<Record<ProviderCauseCode, Cause>> = {
  provider_unauthorized: {
    predicate: 'does not accept the configured key',
    advice: (provider) => `Check ${variable(provider, 'API_KEY')}, then start the job again.`,
  },
  provider_out_of_credits: {
    predicate: 'has no credits left on this account',
    advice: ({ title }) => `Top up the account at ${title}, then start the job again.`,
  },
  provider_forbidden: {
    predicate: 'does not allow this look-up on the current plan',
    advice: ({ title }) => `Change the plan at ${title} or take the column out, then start the job again.`,
  },
  provider_rate_limited: {
    predicate: 'kept refusing because of its rate limit',
    advice: (provider) => `Try the cells again later; if it stays, lower ${variable(provider, 'REQUESTS_PER_SECOND')}.`,
  },
  provider_unavailable: { predicate: 'had an internal error', advice: tryLater },
  provider_timeout: { predicate: 'did not answer in time', advice: tryLater },
  provider_too_slow: { predicate: 'began to answer but did not end in time', advice: tryLater },
  provider_unreachable: {
    predicate: 'could not be reached',
    advice: (provider) => `Check the network and ${variable(provider, 'URL')}, then try the cells again.`,
  },
  provider_connection_lost: { predicate: 'closed the connection before it had answered', advice: tryLater },
  provider_redirected: {
    predicate: 'pointed to another address instead of answering',
    advice: (provider) => `Check ${variable(provider, 'URL')}, then try the cells again.`,
  },
  provider_answered_page: { predicate: 'answered with a page instead of data each time', advice: tryAgain },
  provider_invalid_answer: { predicate: 'answered in a form that cannot be read each time', advice: tryAgain },
  provider_answer_too_large: { predicate: 'answered with more data than is taken each time', advice: tryAgain },
  provider_answer_mixed_up: { predicate: 'mixed up the rows of its answer each time', advice: tryAgain },
  provider_refused_row: {
    predicate: 'refused the look-up as invalid',
    advice: () => 'Check the name, domain and email address of this row.',
  },
  provider_restricted: {
    predicate: 'may not share this record for compliance reasons',
    advice: () => 'Nothing can be tried again; type the value in by hand where you know it.',
  },
  provider_enrich_failed: { predicate: 'could not put this record together', advice: tryLater },
  provider_row_missing: { predicate: 'left this row out of its answer each time', advice: tryLater },
  provider_row_invalid: {
    predicate: 'answered for this row in a form that cannot be read each time',
    advice: tryLater,
  },
  provider_value_unusable: { predicate: 'has a value that no cell can hold', advice: byHand },
};

/** What happened, as a predicate that follows the provider's name. */
export function predicateOf(code: ProviderCauseCode): string {
  return CAUSES[code].predicate;
}

/** What a person can do about it. */
export function adviceFor(provider: NamedProvider, code: ProviderCauseCode): string {
  return CAUSES[code].advice(provider);
}
