import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Credentials, readCredentials as readCredentialsOf } from '@uno/local-stack';

/** The checkout. */
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** Names the folder where the stack under test keeps its state (`UNO_HOME` of that stack). */
export const E2E_HOME = 'UNO_E2E_HOME';

/** The address of the page as the stack printed it, with its key. */
export const E2E_PAGE_ADDRESS = 'UNO_E2E_PAGE_ADDRESS';

/** Why there is no Temporal server to test with; not set when there is one. */
export const E2E_NO_TEMPORAL_SERVER = 'UNO_E2E_NO_TEMPORAL_SERVER';

/** How the stack under test is set up where it differs from the defaults: small calls make many moments to interrupt. */
export const STACK_SETTINGS = {
  RETRY_BUDGET_SECONDS: '3',
  ENRICH_LOOKUPS_PER_CALL: '5',
  ENRICH_CALLS_PER_PAGE: '4',
  SIGNALS_ROWS_PER_CALL: '25',
  OPENAI_REQUESTS_PER_SECOND: '500',
} as const;

/** The folder of the stack under test. */
export function stackHome(): string {
  const home = process.env[E2E_HOME];
  if (!home) throw new Error(`${E2E_HOME} is not set: the global set-up of this project sets it`);
  return home;
}

/** Read anew each time, as a client would find it. */
export function readCredentials(): Credentials {
  return readCredentialsOf(stackHome());
}

/** The embedded database server's superuser, who alone gets past the ledger's triggers. */
export function billingSuperuserUrl(): string {
  const secrets = JSON.parse(readFileSync(join(stackHome(), 'secrets.json'), 'utf8')) as { postgresPassword: string };
  const url = new URL(readCredentials().billingDatabaseUrl);
  url.username = 'postgres';
  url.password = secrets.postgresPassword;
  return url.href;
}
