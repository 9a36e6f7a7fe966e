import type pg from 'pg';
import { connectTo } from './connect.js';
import { scramVerifier } from './scram-verifier.js';

// Roles belong to the whole server: callers that make the same ones at once take turns.
const ROLES_LOCK = 72_707_370;

/** A database, its owner and the role that the application uses, which owns nothing. */
export interface DatabaseAccess {
  readonly database: string;
  readonly owner: string;
  readonly ownerPassword: string;
  readonly role: string;
  readonly rolePassword: string;
}

/** Connection strings of both sides of a database. */
export interface DatabaseUrls {
  /** The owner's: migrations. */
  readonly adminUrl: string;
  /** The application's role: everything else. */
  readonly url: string;
}

/**
 * Makes the two roles and the database where they are absent and sets both passwords. Nobody but these two may connect
 * to the database. Idempotent.
 *
 * @param superuserUrl connection string of a superuser, any database of the server.
 */
export async function ensureDatabase(superuserUrl: string, access: DatabaseAccess): Promise<DatabaseUrls> {
  const client = await connectTo(superuserUrl);
  try {
    await lockRoles(client);
    await ensureLogin(client, access.owner, access.ownerPassword);
    await ensureLogin(client, access.role, access.rolePassword);
    // Migrations also run by hand on servers that lack the application's role, so they may create it.
    await client.query(`alter role ${client.escapeIdentifier(access.owner)} createrole`);
    const database = client.escapeIdentifier(access.database);
    const existing = await client.query('select 1 from pg_database where datname = $1', [access.database]);
    if (existing.rowCount === 0) {
      await client.query(`create database ${database} owner ${client.escapeIdentifier(access.owner)}`);
    }
    await client.query(`revoke all on database ${database} from public`);
    await client.query(`grant connect on database ${database} to ${client.escapeIdentifier(access.role)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
  return {
    adminUrl: connectionUrl(superuserUrl, {
      database: access.database,
      user: access.owner,
      password: access.ownerPassword,
    }),
    url: connectionUrl(superuserUrl, { database: access.database, user: access.role, password: access.rolePassword }),
  };
}

/** Makes callers on the same server that change roles take turns, until the connection ends. */
export async function lockRoles(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [ROLES_LOCK]);
}

async function ensureLogin(client: pg.Client, role: string, password: string): Promise<void> {
  const existing = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (existing.rowCount === 0) await client.query(`create role ${client.escapeIdentifier(role)}`);
  await setLogin(client, role, password);
}

/** Lets an existing role log in with this password, which no log of the server will hold. */
export async function setLogin(client: pg.Client, role: string, password: string): Promise<void> {
  const verifier = client.escapeLiteral(scramVerifier(password));
  await client.query(`alter role ${client.escapeIdentifier(role)} login password ${verifier}`);
}

/** The same server with another login, and another database if one is given. */
export function connectionUrl(
  serverUrl: string,
  login: { readonly database?: string; readonly user: string; readonly password: string },
): string {
  const url = new URL(serverUrl);
  url.username = encodeURIComponent(login.user);
  url.password = encodeURIComponent(login.password);
  if (login.database) url.pathname = `/${login.database}`;
  return url.href;
}
