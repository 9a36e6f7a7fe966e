import { join } from 'node:path';
import { checkOwnDatabase, type OwnDatabase } from '../own-servers/own-database.js';
import { checkOwnTemporal } from '../own-servers/own-temporal.js';
import { migrate, MigrationRefused } from '../postgres/migrate.js';
import { ensureDatabase } from '../postgres/roles.js';
import { APP_DATABASE, BILLING_DATABASE, type DatabasePlan } from './database-plan.js';
import { REPOSITORY_DIRECTORY } from './home.js';
import { StackError } from './stack-error.js';
import type { StackSettings } from './settings.js';

/** What a database holds: tables made by migrations, which give rights to one role. */
export type DatabaseSchema = Pick<OwnDatabase, 'role' | 'migrations'>;

export const APP_SCHEMA: DatabaseSchema = { role: 'uno_app', migrations: migrationsOf('orchestrator') };
export const BILLING_SCHEMA: DatabaseSchema = { role: 'uno_billing', migrations: migrationsOf('billing') };

/**
 * Looks at the servers that the user named, before anything is started. They are used as they are and never changed here.
 *
 * @throws StackError that names the variable and what to do.
 */
export async function checkOwnServers({ app, billing, temporal }: StackSettings): Promise<void> {
  if (app.external) await checkOwnDatabase({ ...APP_DATABASE, ...APP_SCHEMA, url: app.url });
  if (billing?.external) await checkOwnDatabase({ ...BILLING_DATABASE, ...BILLING_SCHEMA, url: billing.url });
  if (temporal.external) await checkOwnTemporal(temporal);
}

/**
 * Makes the databases and roles of the embedded server and brings their schemas up to date.
 *
 * @throws StackError when an applied migration was edited.
 */
export async function prepareDatabases(settings: StackSettings): Promise<void> {
  await prepareDatabase(settings, settings.app, APP_SCHEMA);
  if (settings.billing) await prepareDatabase(settings, settings.billing, BILLING_SCHEMA);
}

async function prepareDatabase(
  { postgresAdminUrl, home }: StackSettings,
  plan: DatabasePlan,
  { role, migrations }: DatabaseSchema,
): Promise<void> {
  if (plan.external || !postgresAdminUrl) return;
  await ensureDatabase(postgresAdminUrl, plan.access);
  await migrate(plan.adminUrl, migrations).catch((error: unknown) => {
    if (!(error instanceof MigrationRefused)) throw error;
    throw new StackError(
      `The database of ${role} does not fit this version: ${error.message}.\n` +
        `If nothing in it is needed any more, start over with: rm -r ${home.data}`,
    );
  });
}

function migrationsOf(app: string): string {
  return join(REPOSITORY_DIRECTORY, 'apps', app, 'prisma', 'migrations');
}
