import { join } from 'node:path';
import { migrate, MigrationRefused } from '../postgres/migrate.js';
import { ensureDatabase, ensureRole } from '../postgres/roles.js';
import { REPOSITORY_DIRECTORY } from './home.js';
import { StackError } from './stack-error.js';
import type { DatabasePlan, StackSettings } from './settings.js';

/**
 * Makes the databases and roles of the embedded server and brings both schemas up to date. On a server of the user's own
 * only the migrations are applied and, where just one connection string was given, the application's role is made.
 *
 * @throws StackError when an applied migration was edited.
 */
export async function prepareDatabases(settings: StackSettings): Promise<void> {
  await prepareDatabase(settings, settings.app, 'apps/orchestrator');
  await prepareDatabase(settings, settings.billing, 'apps/billing');
}

async function prepareDatabase(settings: StackSettings, plan: DatabasePlan, app: string): Promise<void> {
  if (!plan.external && settings.postgresAdminUrl) await ensureDatabase(settings.postgresAdminUrl, plan.access);
  if (plan.external && plan.roleIsOurs) await ensureRole(plan.urls.adminUrl, plan.role, plan.rolePassword);
  await migrate(plan.urls.adminUrl, join(REPOSITORY_DIRECTORY, app, 'prisma/migrations')).catch((error: unknown) => {
    if (!(error instanceof MigrationRefused)) throw error;
    throw new StackError(
      `The database of ${app} does not fit this version: ${error.message}.\n` +
        `If nothing in it is needed any more, start over with: rm -r ${settings.home.data}`,
    );
  });
}
