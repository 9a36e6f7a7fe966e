import type { ProviderFailureCode } from '@uno/workflow-contracts';
import type { NamedProvider } from './provider-account.js';

/** What can be wrong with one row's answer, at whichever provider, although the call itself succeeded. */
export type RowFailureCode =
  'provider_refused_row' | 'provider_row_missing' | 'provider_row_invalid' | 'provider_value_unusable';

/** The causes that the kit has words for. */
export type ProviderCauseCode = ProviderFailureCode | RowFailureCode;

/** A way to fail, for people. */
export interface ProviderCause {
  /** What happened; follows the provider's name. */
  readonly predicate: string;
  /** What to do, as a sentence. */
  readonly advice: (provider: NamedProvider) => string;
}

const variable = ({ name }: NamedProvider, setting: string): string => `${name.toUpperCase()}_${setting}`;
const tryAgain = (provider: NamedProvider): string =>
  `Try the cells again; if it stays, check ${variable(provider, 'URL')} or tell the support of ${provider.title}.`;

/** Advice for what passes by itself. */
export const tryLater = ({ title }: NamedProvider): string =>
  `Try the cells again later; if it stays, tell the support of ${title}.`;

const CAUSES: Readonly<Record<ProviderCauseCode, ProviderCause>> = {
  provider_unauthorized: {
    predicate: 'does not accept the configured key',
    advice: (provider) => `Check ${variable(provider, 'API_KEY')}, then start the job again.`,
  },
  provider_out_of_credits: {
    predicate: 'has no credits left on this account',
    advice: ({ title }) => `Top up the account at ${title}, then start the job again.`,
  },
  provider_forbidden: {
    predicate: 'does not allow this on the current plan',
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
    predicate: 'refused this row as invalid',
    advice: () => 'Check what this row holds in the columns that are used.',
  },
  provider_row_missing: { predicate: 'left this row out of its answer each time', advice: tryLater },
  provider_row_invalid: {
    predicate: 'answered for this row in a form that cannot be read each time',
    advice: tryLater,
  },
  provider_value_unusable: {
    predicate: 'has a value that no cell can hold',
    advice: ({ title }) => `Look it up at ${title} and type it in by hand.`,
  },
};

/**
 * Every way in which the providers of a service fail, for people: what happened and what to do. Fixed texts, because a
 * provider's own words may echo personal data. A service adds causes of its own, and may word one of the kit's anew.
 */
export class ProviderCauses<Own extends string = never> {
  private readonly causes: Readonly<Partial<Record<string, ProviderCause>>>;

  constructor(own: Readonly<Record<Own, ProviderCause>> & Readonly<Partial<Record<ProviderCauseCode, ProviderCause>>>) {
    this.causes = { ...CAUSES, ...own };
  }

  /** What happened, as a predicate that follows the provider's name. */
  predicateOf(code: ProviderCauseCode | Own): string {
    return this.causeOf(code).predicate;
  }

  /** What a person can do about it, as a sentence. */
  adviceFor(provider: NamedProvider, code: ProviderCauseCode | Own): string {
    return this.causeOf(code).advice(provider);
  }

  /** Reason of a cell's `error`: `Lusha did not answer in time. Try the cells again later; …` */
  reasonFor(
    provider: NamedProvider,
    code: ProviderCauseCode | Own,
  ): { readonly code: string; readonly message: string } {
    const message = `${provider.title} ${this.predicateOf(code)}. ${this.adviceFor(provider, code)}`;
    return { code, message };
  }

  private causeOf(code: ProviderCauseCode | Own): ProviderCause {
    return this.causes[code] ?? CAUSES.provider_unavailable;
  }
}

/** The causes of the kit alone. */
export const providerCauses = new ProviderCauses({});
