import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { freePort, type PostgresServer, startPostgres } from '../src/index.js';
import { prepareServers } from '../src/own-servers/prepare-servers.js';
import { connectionUrl } from '../src/postgres/roles.js';
import { checkOwnServers } from '../src/stack/databases.js';
import { stackHome } from '../src/stack/home.js';
import { stackSettings } from '../src/stack/settings.js';
import { temporaryDirectory } from './support/temporary-directory.js';

/** A Postgres server as somebody else runs it: with an owner of the databases who is no superuser. */
describe('npm run prepare-servers', () => {
  let server: PostgresServer;
  let home: string;
  let written: string;
  let databases = 0;

  beforeAll(async () => {
    home = await temporaryDirectory();
    server = await startPostgres({
      dataDir: join(home, 'somebody-elses'),
      port: await freePort(),
      password: 'superuser',
      settings: { fsync: 'off', log_statement: 'all' },
    });
  });
  afterAll(() => server.stop());

  beforeEach(() => {
    written = '';
    const keep = (text: unknown): boolean => Boolean((written += String(text)));
    jest.spyOn(process.stdout, 'write').mockImplementation(keep);
    jest.spyOn(process.stderr, 'write').mockImplementation(keep);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await asSuperuser('drop role if exists member_of_owner');
  });

  async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      let rows: Record<string, unknown>[] = [];
      for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
      return rows;
    } finally {
      await client.end();
    }
  }
  const asSuperuser = (...statements: string[]) => query(server.adminUrl, ...statements);

  /** A new database and its owner, with these rights. */
  async function ownServer(rights = 'createrole', login = 'uno_app'): Promise<Record<string, string>> {
    const database = `shop_${(databases += 1)}`;
    const owner = `${database}_owner`;
    await asSuperuser(
      `create role ${owner} login password 'owner-password' ${rights}`,
      // The roles of all databases are the same; a second owner may use them only if the first one let it.
      `do $$ begin if exists (select from pg_roles where rolname = 'uno_app') then
         grant uno_app to ${owner} with admin option; end if; end $$`,
      `create database ${database} owner ${owner}`,
    );
    return {
      DATABASE_URL: connectionUrl(server.adminUrl, { database, user: login, password: 'app-password' }),
      DATABASE_ADMIN_URL: connectionUrl(server.adminUrl, { database, user: owner, password: 'owner-password' }),
    };
  }

  const startsOn = (env: Record<string, string>) => checkOwnServers(stackSettings(env, stackHome(join(home, 'stack'))));

  test('makes the login, applies all migrations, and finds nothing to do the second time', async () => {
    const env = await ownServer();
    expect(await prepareServers({}, env)).toBe(0);
    expect(written).toMatch(/^DATABASE_URL: ready; made the role uno_app, set the password of uno_app, applied \d+/);
    await startsOn(env);
    written = '';
    expect(await prepareServers({}, env)).toBe(0);
    expect(written).toBe('DATABASE_URL: ready; nothing had to be done\n');
    expect(await query(env['DATABASE_URL'] ?? '', 'select * from job')).toEqual([]);
  });

  test('writes no password into the log of the server or to the terminal', async () => {
    const env = await ownServer('createrole', 'shop_login');
    expect(await prepareServers({}, env)).toBe(0);
    expect(written).toContain('made the role shop_login, gave shop_login the rights of uno_app');
    expect(server.process.output()).toContain('alter role "shop_login" login password');
    expect(server.process.output() + written).not.toContain('app-password');
    await startsOn(env);
  });

  test('gives a login the password that DATABASE_URL holds now', async () => {
    const env = await ownServer();
    await prepareServers({}, env);
    const changed = { ...env, DATABASE_URL: (env['DATABASE_URL'] ?? '').replace('app-password', 'rotated') };
    await expect(startsOn(changed)).rejects.toThrow(
      /^DATABASE_URL: no connection as uno_app at 127\.0\.0\.1:\d+: password authentication failed.*npm run prepare-servers$/,
    );
    expect(await prepareServers({}, changed)).toBe(0);
    await startsOn(changed);
    await prepareServers({}, env);
  });

  test('needs an owner who may make roles only where one is missing', async () => {
    const env = await ownServer('', 'made_before');
    await asSuperuser(`create role made_before login password 'app-password'`, 'grant uno_app to made_before');
    expect(await prepareServers({}, env)).toBe(0);
    expect(written).toMatch(/^DATABASE_URL: ready; applied [^,]+/);
    await startsOn(env);
  });

  test('is what the stack asks for when a database lacks a migration of this version', async () => {
    const env = await ownServer();
    await prepareServers({}, env);
    const gone = await query(
      env['DATABASE_ADMIN_URL'] ?? '',
      'delete from _prisma_migrations returning migration_name',
    );
    await expect(startsOn(env)).rejects.toThrow(
      `DATABASE_URL: the database lacks ${gone.map((row) => row['migration_name']).join(', ')}. Run: npm run prepare-servers`,
    );
  });

  test('is what the stack asks for when the server was never prepared', async () => {
    const env = await ownServer();
    await prepareServers({}, env);
    const other = await ownServer();
    await expect(startsOn(other)).rejects.toThrow(
      /^DATABASE_URL: the database is not prepared \(.+\)\. Run once: npm run prepare-servers$/,
    );
  });

  describe('refuses in one line that names the variable', () => {
    async function refuses(env: Record<string, string>): Promise<string> {
      expect(await prepareServers({}, env)).toBe(1);
      expect(written.trimEnd()).not.toContain('\n');
      expect(written).not.toMatch(/app-password|owner-password|guess/);
      return written;
    }
    const owned = (change: (url: string) => string) => async (): Promise<Record<string, string>> => {
      const env = await ownServer();
      return { ...env, DATABASE_ADMIN_URL: change(env['DATABASE_ADMIN_URL'] ?? '') };
    };

    test.each([
      ['a wrong password', owned((url) => url.replace('owner-password', 'guess')), /^DATABASE_ADMIN_URL: .+ failed/],
      ['a server that is away', owned((url) => url.replace(/:\d+\//, ':1/')), /^DATABASE_ADMIN_URL: .+ECONNREFUSED/],
      ['an owner that was not named', owned(() => ''), /^DATABASE_ADMIN_URL is not set/],
      ['a malformed address', owned(() => 'postgresql//guess'), /^DATABASE_ADMIN_URL is not of the form postgresql:/],
      ['one database for both', async () => withBilling(await ownServer()), /^BILLING_DATABASE_URL names the same/],
      ['an owner that may make no role', () => ownServer('', 'not_made_yet'), /^DATABASE_ADMIN_URL: .+CREATEROLE/],
      [
        'somebody who may make no table',
        async () => strangers(await ownServer()),
        /^DATABASE_ADMIN_URL: .+schema public/,
      ],
      ['the owner as the login', async () => asOwner(await ownServer()), /^DATABASE_URL: .+owns nothing/],
      ['a superuser as the login', () => ownServer('superuser', 'postgres'), /^DATABASE_URL: .+is a superuser/],
      ['a login with BYPASSRLS', () => mightyLogin('bypassrls'), /^DATABASE_URL: .+has BYPASSRLS/],
      ['a login that belongs to the owner', () => mightyLogin('', 'owner'), /^DATABASE_URL: .+owns objects/],
    ])('%s', async (_, environment, message) => {
      expect(await refuses(await environment())).toMatch(message);
    });

    const withBilling = (env: Record<string, string>) => ({
      ...env,
      BILLING_DATABASE_URL: env['DATABASE_URL'] ?? '',
      BILLING_DATABASE_ADMIN_URL: env['DATABASE_ADMIN_URL'] ?? '',
    });
    const asOwner = (env: Record<string, string>) => ({ ...env, DATABASE_URL: env['DATABASE_ADMIN_URL'] ?? '' });

    async function strangers(env: Record<string, string>): Promise<Record<string, string>> {
      const { DATABASE_ADMIN_URL } = await ownServer();
      const url = new URL(DATABASE_ADMIN_URL ?? '');
      url.pathname = new URL(env['DATABASE_ADMIN_URL'] ?? '').pathname;
      return { ...env, DATABASE_ADMIN_URL: url.href };
    }

    async function mightyLogin(right: string, memberOf?: 'owner'): Promise<Record<string, string>> {
      const env = await ownServer('superuser', 'member_of_owner');
      const owner = new URL(env['DATABASE_ADMIN_URL'] ?? '').username;
      await asSuperuser(`create role member_of_owner login password 'app-password' ${right}`);
      if (memberOf)
        await asSuperuser(`alter role ${owner} nosuperuser createrole`, `grant ${owner} to member_of_owner`);
      return env;
    }
  });
});
