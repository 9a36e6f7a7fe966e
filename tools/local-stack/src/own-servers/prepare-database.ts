import pg from 'pg';
import { migrate, MigrationRefused } from '../postgres/migrate.js';
import { lockRoles, setLogin } from '../postgres/roles.js';
import { connectTo } from '../postgres/connect.js';
import { StackError } from '../stack/stack-error.js';
import { checkOwnDatabase, connectAs, loginOf, type OwnDatabase, reasonOf, refuseMightyLogin } from './own-database.js';

const OLDEST_SERVER = 150_000;

/**
 * Gets a database on a server that is not ours ready, as a role that need not be a superuser: makes the application's
 * role and its login, applies the migrations that it lacks, and proves that the login works and is not too mighty.
 * Idempotent; changes only what is not as it should be.
 *
 * @param adminUrl connection string of the role that owns, or will own, the tables.
 * @returns what was changed, in words.
 * @throws StackError that names the variable at fault.
 */
export async function prepareDatabase(database: OwnDatabase, adminUrl: string): Promise<string[]> {
  const { variable, adminVariable, url } = database;
  if (loginOf(adminUrl) === loginOf(url)) {
    throw new StackError(
      `${variable}: logs in as "${loginOf(url)}" like ${adminVariable}; the application needs a role of its own that owns nothing.`,
    );
  }
  const admin = await connectAs(adminVariable, adminUrl);
  try {
    await lockRoles(admin);
    await refuseUnfit(admin, database);
    const made = [...(await ensureRole(admin, database)), ...(await ensureLogin(admin, database))];
    const applied = await applyMigrations(database, adminUrl);
    await change(admin, database, `grant select on _prisma_migrations to ${admin.escapeIdentifier(database.role)}`);
    await checkOwnDatabase(database);
    return [...made, ...applied.map((name) => `applied ${name}`)];
  } finally {
    await admin.end().catch(() => undefined);
  }
}

async function refuseUnfit(admin: pg.Client, { adminVariable }: OwnDatabase): Promise<void> {
  const { rows } = await admin.query<{ version: number; role: string; database: string; may_create: boolean }>(
    `select current_setting('server_version_num')::int as version, current_user as role, current_database() as database,
       coalesce(has_schema_privilege(to_regnamespace('public'), 'create'), false) as may_create`,
  );
  const found = rows[0];
  if (!found || found.version < OLDEST_SERVER) {
    throw new StackError(`${adminVariable}: Postgres 15 or later is needed.`);
  }
  if (!found.may_create) {
    throw new StackError(
      `${adminVariable}: the role "${found.role}" may not create tables in schema public of "${found.database}". ` +
        `Make it the owner of the database: alter database ${admin.escapeIdentifier(found.database)} owner to ${admin.escapeIdentifier(found.role)}`,
    );
  }
}

async function ensureRole(admin: pg.Client, database: OwnDatabase): Promise<string[]> {
  if (await roleExists(admin, database.role)) return [];
  await change(admin, database, `create role ${admin.escapeIdentifier(database.role)}`);
  return [`made the role ${database.role}`];
}

/** A login that works and has the rights of the role is left alone. */
async function ensureLogin(admin: pg.Client, database: OwnDatabase): Promise<string[]> {
  const login = loginOf(database.url);
  const done: string[] = [];
  if (await roleExists(admin, login)) {
    await refuseMightyLogin(admin, database);
  } else {
    await change(admin, database, `create role ${admin.escapeIdentifier(login)}`);
    done.push(`made the role ${login}`);
  }
  if (!(await isMember(admin, login, database.role))) {
    const rights = `grant ${admin.escapeIdentifier(database.role)} to ${admin.escapeIdentifier(login)}`;
    await change(admin, database, rights);
    done.push(`gave ${login} the rights of ${database.role}`);
  }
  const fault = await tryLogin(database.url);
  if (fault?.code === '42501') {
    const name = decodeURIComponent(new URL(database.url).pathname.slice(1));
    const connect = `grant connect on database ${admin.escapeIdentifier(name)} to ${admin.escapeIdentifier(login)}`;
    await change(admin, database, connect);
    done.push(`let ${login} connect`);
  } else if (fault?.code?.startsWith('28')) {
    const password = decodeURIComponent(new URL(database.url).password);
    await setLogin(admin, login, password).catch(refusal(database));
    done.push(`set the password of ${login}`);
  }
  return done;
}

async function roleExists(admin: pg.Client, role: string): Promise<boolean> {
  return (await admin.query('select 1 from pg_roles where rolname = $1', [role])).rowCount === 1;
}

async function isMember(admin: pg.Client, login: string, role: string): Promise<boolean> {
  const { rows } = await admin.query<{ member: boolean }>(`select pg_has_role($1, $2, 'usage') as member`, [
    login,
    role,
  ]);
  return rows[0]?.member === true;
}

/** What the server says to the login; undefined when it works. What the network says is left to the check at the end. */
async function tryLogin(url: string): Promise<pg.DatabaseError | undefined> {
  try {
    await (await connectTo(url, 10_000)).end();
    return undefined;
  } catch (error) {
    return error instanceof pg.DatabaseError ? error : undefined;
  }
}

async function applyMigrations(database: OwnDatabase, adminUrl: string): Promise<string[]> {
  return migrate(adminUrl, database.migrations).catch((error: unknown) => {
    const variable = error instanceof MigrationRefused ? database.variable : database.adminVariable;
    throw new StackError(`${variable}: ${reasonOf(error)}.`);
  });
}

async function change(admin: pg.Client, database: OwnDatabase, statement: string): Promise<void> {
  await admin.query(statement).catch(refusal(database));
}

function refusal({ adminVariable, role }: OwnDatabase): (error: unknown) => never {
  return (error) => {
    throw new StackError(
      `${adminVariable}: ${reasonOf(error)}. Its role must own the database and, to make the role ${role} and its login, ` +
        'have CREATEROLE.',
    );
  };
}
