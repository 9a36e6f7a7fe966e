import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { connectTo } from './connect.js';

// The lock that `prisma migrate deploy` takes, so that both can run against one database.
const ADVISORY_LOCK = 72_707_369;

/** A migration directory that disagrees with what a database has already applied. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/** One `<name>/migration.sql`. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/**
 * Applies the migrations `<dir>/<name>/migration.sql` that the database has not seen yet, in the order of their names,
 * each in one transaction together with its record in `_prisma_migrations`, so that `prisma migrate deploy` and this
 * function can take turns. Idempotent; concurrent callers wait for each other.
 *
 * @param adminUrl connection string of the owner of the database.
 * @returns the names of the migrations that this call applied.
 * @throws MigrationRefused when an applied migration was edited, is missing or was left half done.
 */
export async function migrate(adminUrl: string, dir: string): Promise<string[]> {
  const migrations = await readMigrations(dir);
  const client = await connectTo(adminUrl);
  try {
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    const applied = await readApplied(client);
    const pending = refuseChanges(migrations, applied);
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** All migrations of a directory, in the order of their names. */
export async function readMigrations(dir: string): Promise<Migration[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(dir, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function readApplied(client: pg.Client): Promise<Map<string, string>> {
  await client.query(`create table if not exists _prisma_migrations (
    id varchar(36) primary key not null,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`);
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
    `select migration_name, checksum, finished_at is not null as finished
       from _prisma_migrations where rolled_back_at is null`,
  );
  const unfinished = rows.find((row) => !row.finished);
  if (unfinished) {
    throw new MigrationRefused(
      `Migration ${unfinished.migration_name} was started and did not finish; resolve it with "prisma migrate resolve"`,
    );
  }
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function refuseChanges(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): Migration[] {
  const known = new Set(migrations.map(({ name }) => name));
  const missing = [...applied.keys()].find((name) => !known.has(name));
  if (missing) {
    throw new MigrationRefused(`The database has migration ${missing}, which this version does not know`);
  }
  const edited = migrations.find(({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum);
  if (edited) {
    throw new MigrationRefused(`Migration ${edited.name} was edited after it was applied; add a new migration instead`);
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
