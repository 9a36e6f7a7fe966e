import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionUrl, freePort, type PostgresServer, startPostgres } from '@uno/local-stack';
import { query } from './database.js';

const OWNER = 'somebody';
const OWNER_PASSWORD = 'owner-password';
const APP_PASSWORD = 'app-password';
const BILLING_PASSWORD = 'billing-password';

/** A second Postgres server, as a provider hands it out: two databases and their owner, who is no superuser. */
export interface SomebodyElsesPostgres {
  readonly server: PostgresServer;
  /** Variables that name its databases, to the stack and to the command that prepares them. */
  readonly variables: Readonly<
    Record<'DATABASE_URL' | 'DATABASE_ADMIN_URL' | 'BILLING_DATABASE_URL' | 'BILLING_DATABASE_ADMIN_URL', string>
  >;
  stop(): Promise<void>;
}

/** Starts it; what is in it is gone after the test, so that nothing needs to reach the disk. */
export async function somebodyElsesPostgres(): Promise<SomebodyElsesPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'uno-own-postgres-'));
  const server = await startPostgres({
    dataDir: join(directory, 'data'),
    port: await freePort(),
    password: 'superuser',
    settings: { fsync: 'off', max_connections: '200' },
  });
  await query(server.adminUrl, `create role ${OWNER} login createrole password '${OWNER_PASSWORD}'`);
  for (const database of ['shop', 'shop_billing']) {
    await query(server.adminUrl, `create database ${database} owner ${OWNER}`);
  }
  const url = (database: string, user: string, password: string): string =>
    connectionUrl(server.adminUrl, { database, user, password });
  return {
    server,
    variables: {
      DATABASE_URL: url('shop', 'uno_app', APP_PASSWORD),
      DATABASE_ADMIN_URL: url('shop', OWNER, OWNER_PASSWORD),
      BILLING_DATABASE_URL: url('shop_billing', 'uno_billing', BILLING_PASSWORD),
      BILLING_DATABASE_ADMIN_URL: url('shop_billing', OWNER, OWNER_PASSWORD),
    },
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
