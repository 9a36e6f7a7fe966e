import { createHash } from 'node:crypto';

/** One account at one provider, as its team configured it. */
export interface ProviderAccountConfig {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Calls per second the account allows; the adapter's own default applies when absent. */
  readonly requestsPerSecond?: number;
  /** For one call, connection and body included, in ms. */
  readonly timeoutMs?: number;
  /** Whatever the rows of the call. */
  readonly maxReplyBytes?: number;
}

/** A provider as people know it. The variables that configure it begin with its name in capitals. */
export interface NamedProvider {
  /** Stable id, used in provenance, failure details and rate leases. */
  readonly name: string;
  readonly title: string;
}

/** A provider with the account that is used there: whom a call is made to, and at what rate. */
export interface ProviderAccount extends NamedProvider {
  /** Names the account without being its secret. */
  readonly account: string;
  /** The account's limit in calls per second, for the rate leases. */
  readonly requestsPerSecond: number;
}

/** Names an account without being its secret. */
export function accountOf(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex').slice(0, 16);
}
