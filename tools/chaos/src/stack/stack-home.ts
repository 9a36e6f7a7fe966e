import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout whose product is tried. */
export const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

/** Where the campaign keeps its stack, its results and what it found, unless told otherwise; ignored by git. */
export const DEFAULT_OUT = join(REPOSITORY, '.uno', 'chaos');

/** What the stack's `credentials.json` says. */
export interface Credentials {
  readonly url: string;
  readonly operatorKey: string;
  readonly billingUrl: string;
  readonly billingKey: string;
  readonly sandboxUrl: string;
  readonly sandboxAdminUrl: string;
  readonly sandboxAdminKey: string;
  readonly temporalAddress: string;
  /** Of the role that owns the orchestrator's tables, which row-level security does not bind. */
  readonly databaseAdminUrl: string;
  readonly billingDatabaseUrl: string;
}

/** @param home `UNO_HOME` of the stack. */
export function readCredentials(home: string): Credentials {
  return JSON.parse(readFileSync(join(home, 'credentials.json'), 'utf8')) as Credentials;
}
