import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { ensureDatabase, freePort, migrate, type PostgresServer, startPostgres } from '../src/index.js';
import { createLibraryLinks } from '../src/postgres/binaries.js';
import { temporaryDirectory } from './support/temporary-directory.js';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded Postgres', () => {
  let dataDir: string;
  let port: number;
  let server: PostgresServer;
  const start = async (): Promise<PostgresServer> => startPostgres({ dataDir, port, password: 'p@ss word' });

  beforeAll(async () => {
    dataDir = join(await temporaryDirectory(), 'nested', 'postgres');
    port = await freePort();
    server = await start();
  });
  afterAll(() => server.stop());

  test('is version 18 and asks for the password', async () => {
    expect(await query(server.adminUrl, 'show server_version')).toEqual([
      { server_version: expect.stringMatching(/^18\./) },
    ]);
    const wrong = new URL(server.adminUrl);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
  });

  test('comes back with its data after the postmaster was killed while a session was busy', async () => {
    await query(server.adminUrl, `create table kept as select 'kept' as value`);
    const busy = query(server.adminUrl, 'select count(*) from generate_series(1, 100000000000)').catch(() => 'cut off');
    server.process.signal('SIGKILL');
    await server.process.exited;
    server = await start();
    expect(await query(server.adminUrl, 'select value from kept')).toEqual([{ value: 'kept' }]);
    expect(await busy).toBe('cut off');
  });

  test('is replaced by the next one when its supervisor was killed and it still runs', async () => {
    const former = server;
    server = await start();
    expect(former.process.isRunning()).toBe(false);
    expect(await query(server.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('does not write values of a failed statement into its log', async () => {
    await expect(query(server.adminUrl, `select 'canary-7f3a'::integer`)).rejects.toThrow('canary-7f3a');
    expect(server.process.output()).not.toContain('canary-7f3a');
  });

  test('lets only the owner and the role of a database connect to it', async () => {
    const access = (name: string) => ({
      database: name,
      owner: `${name}_owner`,
      ownerPassword: 'o',
      role: `${name}_app`,
      rolePassword: 'r',
    });
    const [first, second] = await Promise.all(
      ['one', 'two'].map((name) => ensureDatabase(server.adminUrl, access(name))),
    );
    await ensureDatabase(server.adminUrl, access('one'));
    expect(await query(first?.url ?? '', 'select current_user')).toEqual([{ current_user: 'one_app' }]);
    const strange = new URL(first?.url ?? '');
    strange.pathname = new URL(second?.url ?? '').pathname;
    await expect(query(strange.href, 'select 1')).rejects.toThrow('permission denied for database');
  });

  describe('migrations', () => {
    let directory: string;

    async function migration(name: string, sql: string): Promise<void> {
      await mkdir(join(directory, name), { recursive: true });
      await writeFile(join(directory, name, 'migration.sql'), sql);
    }

    beforeAll(async () => {
      directory = await temporaryDirectory();
      await migration('20260101_first', 'create table first (id int)');
    });

    test('are applied once, in order, also by two callers at the same time', async () => {
      await migration('20260102_second', 'alter table first add column name text');
      const applied = await Promise.all([migrate(server.adminUrl, directory), migrate(server.adminUrl, directory)]);
      expect(applied.flat()).toEqual(['20260101_first', '20260102_second']);
      expect(
        await query(server.adminUrl, 'select migration_name, applied_steps_count from _prisma_migrations'),
      ).toEqual([
        { migration_name: '20260101_first', applied_steps_count: 1 },
        { migration_name: '20260102_second', applied_steps_count: 1 },
      ]);
    });

    test('that fail leave nothing behind and can be repaired', async () => {
      await migration('20260103_third', 'create table third (id int); select nonsense');
      await expect(migrate(server.adminUrl, directory)).rejects.toThrow('Migration 20260103_third failed');
      expect(await query(server.adminUrl, `select to_regclass('third') as third`)).toEqual([{ third: null }]);
      await migration('20260103_third', 'create table third (id int)');
      expect(await migrate(server.adminUrl, directory)).toEqual(['20260103_third']);
    });

    test('that were edited after they were applied are refused by name', async () => {
      await migration('20260101_first', 'create table first (id bigint)');
      await expect(migrate(server.adminUrl, directory)).rejects.toThrow(
        'Migration 20260101_first was edited after it was applied',
      );
    });
  });
});

describe('the library links of the Postgres package', () => {
  test('are made where npm ran no install script, and a second start changes nothing', async () => {
    const packageDir = await temporaryDirectory();
    await mkdir(join(packageDir, 'native/lib'), { recursive: true });
    await writeFile(join(packageDir, 'native/lib/libpq.so.5.18'), '');
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    await writeFile(join(packageDir, 'native/pg-symlinks.json'), JSON.stringify(links));
    await createLibraryLinks(packageDir);
    await createLibraryLinks(packageDir);
    expect((await lstat(join(packageDir, 'native/lib/libpq.so.5'))).isSymbolicLink()).toBe(true);
  });
});
