import pg from 'pg';
import { connectTo } from '../postgres/connect.js';
import { readMigrations } from '../postgres/migrate.js';
import { StackError } from '../stack/stack-error.js';

/** The command that gets servers ready, as it stands in every message that asks for it. */
export const PREPARE_COMMAND = 'npm run prepare-servers';

const CONNECT_TIMEOUT_MS = 10_000;

/** A database on a server that is not ours. */
export interface OwnDatabase {
  readonly url: string;
  /** Variables that a message can name. */
  readonly variable: string;
  readonly adminVariable: string;
  /** The role that the migrations give rights to; the login of `url` is it, or a member of it. */
  readonly role: string;
  /** Directory of its migrations. */
  readonly migrations: string;
}

/**
 * Makes sure that the application can work with a database as it is: the login gets in, cannot get around row-level
 * security, and the schema is the one of this version. Changes nothing.
 *
 * @throws StackError that names the variable, and the command that prepares the server.
 */
export async function checkOwnDatabase(database: OwnDatabase): Promise<void> {
  const client = await connectAs(database.variable, database.url, ` Prepare the server once: ${PREPARE_COMMAND}`);
  try {
    await refuseMightyLogin(client, database);
    await refuseOtherSchema(client, database);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Connects with the connection string of a variable.
 *
 * @param advice is added where the server answered, but not with a connection.
 * @throws StackError in one line that names the variable and holds no password.
 */
export async function connectAs(variable: string, url: string, advice = ''): Promise<pg.Client> {
  try {
    return await connectTo(url, CONNECT_TIMEOUT_MS);
  } catch (error) {
    const where = `${loginOf(url)} at ${new URL(url).host}`;
    const refused = error instanceof pg.DatabaseError;
    throw new StackError(`${variable}: no connection as ${where}: ${reasonOf(error)}.${refused ? advice : ''}`);
  }
}

/** The role that a connection string logs in as. */
export function loginOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

/** A message of Postgres or of the network; an error about several addresses has none of its own. */
export function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || 'unknown error';
}

interface Might {
  readonly superuser: boolean;
  readonly bypasses: boolean;
  readonly replicates: boolean;
  readonly makes_roles: boolean;
  readonly owns: boolean;
}

/**
 * Refuses a login that could read more than its workspace: by itself, or through a role that it is a member of.
 *
 * @throws StackError that names every reason.
 */
export async function refuseMightyLogin(client: pg.Client, { variable, url }: OwnDatabase): Promise<void> {
  const { rows } = await client.query<Might>(
    `with member_of as (select * from pg_roles where pg_has_role($1, oid, 'member'))
     select bool_or(rolsuper) as superuser, bool_or(rolbypassrls) as bypasses, bool_or(rolreplication) as replicates,
       bool_or(rolcreaterole) as makes_roles,
       exists (select from pg_shdepend where refclassid = 'pg_authid'::regclass and deptype = 'o'
                 and refobjid in (select oid from member_of)) as owns
     from member_of`,
    [loginOf(url)],
  );
  const might = rows[0];
  const faults = [
    ...(might?.superuser ? ['is a superuser'] : []),
    ...(might?.bypasses && !might.superuser ? ['has BYPASSRLS'] : []),
    ...(might?.replicates && !might.superuser ? ['has REPLICATION'] : []),
    ...(might?.makes_roles && !might.superuser ? ['has CREATEROLE'] : []),
    ...(might?.owns ? ['owns objects of the database server'] : []),
  ];
  if (faults.length === 0) return;
  throw new StackError(
    `${variable}: the role "${loginOf(url)}" could get around row-level security, because it (or a role that it is a ` +
      `member of) ${faults.join(' and ')}. Name a role of its own for the application: ${PREPARE_COMMAND} makes it.`,
  );
}

async function refuseOtherSchema(client: pg.Client, { variable, migrations }: OwnDatabase): Promise<void> {
  const known = (await readMigrations(migrations)).map(({ name }) => name);
  const applied = await client
    .query<{ name: string }>(
      `select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null`,
    )
    .then(({ rows }) => rows.map(({ name }) => name))
    .catch((error: pg.DatabaseError) => {
      throw new StackError(
        `${variable}: the database is not prepared (${reasonOf(error)}). Run once: ${PREPARE_COMMAND}`,
      );
    });
  const lacking = known.filter((name) => !applied.includes(name));
  const strange = applied.filter((name) => !known.includes(name));
  if (strange.length > 0) {
    throw new StackError(`${variable}: the database has ${strange.join(', ')}, which this version does not know.`);
  }
  if (lacking.length > 0) {
    throw new StackError(`${variable}: the database lacks ${lacking.join(', ')}. Run: ${PREPARE_COMMAND}`);
  }
}
