import { randomUUID } from 'node:crypto';
import { type DatabaseUrls, ensureDatabase, migrate } from '@uno/local-stack';
import pg from 'pg';
import { serverAddress, TEST_POSTGRES_URL } from './test-servers.js';

// Roles are shared by all databases of the server, and so by all test files of a run: one fixed password.
const ROLE_PASSWORD = 'test-only';

/** What kind of database a test wants. */
export interface TestDatabaseOptions {
  /** Directory of migrations (`prisma/migrations`), applied as the owner. */
  readonly migrations?: string;
  /** The application's role, which owns nothing: `uno_app`, `uno_billing`. */
  readonly role: string;
  /** The owning role (default: the role without `_app`, followed by `_owner`). */
  readonly owner?: string;
}

/** A database of one's own. */
export interface TestDatabase extends DatabaseUrls {
  /** Drops the database, ending what is still connected. */
  stop(): Promise<void>;
}

/**
 * Creates a fresh, migrated database on the run's shared Postgres server. Each call gives another one, so test files do
 * not see each other's rows.
 *
 * @throws when the project's Jest configuration did not ask for Postgres, or a migration fails.
 */
export async function startTestDatabase(options: TestDatabaseOptions): Promise<TestDatabase> {
  const superuserUrl = serverAddress(TEST_POSTGRES_URL);
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  const urls = await ensureDatabase(superuserUrl, {
    database,
    owner: options.owner ?? `${options.role.replace(/_app$/, '')}_owner`,
    ownerPassword: ROLE_PASSWORD,
    role: options.role,
    rolePassword: ROLE_PASSWORD,
  });
  if (options.migrations) await migrate(urls.adminUrl, options.migrations);
  return { ...urls, stop: () => drop(superuserUrl, database) };
}

async function drop(superuserUrl: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(`drop database if exists ${client.escapeIdentifier(database)} with (force)`);
  } finally {
    await client.end();
  }
}
