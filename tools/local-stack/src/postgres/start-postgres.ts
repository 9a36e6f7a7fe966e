import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type ProcessSpec, type RunningProcess, startChild } from '../process/running-process.js';
import { waitUntil } from '../wait-until.js';
import { postgresBinaries } from './binaries.js';
import { connectTo } from './connect.js';
import { endLeftoverServer } from './leftovers.js';
import { giveTo, serverAccount, underAccount } from './server-account.js';

const SUPERUSER = 'postgres';
const READY_TIMEOUT_MS = 60_000;

/** An error's text, its details and its statement can hold a cell's value: errors are the client's to report. */
const NO_VALUES_IN_LOGS = {
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
};
const run = promisify(execFile);

/** Where a server keeps its data and how it is reached. */
export interface PostgresOptions {
  /** Data directory; made on first use and kept. */
  readonly dataDir: string;
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Password of the superuser `postgres`; fixed when the data directory is made. */
  readonly password: string;
  /** Server settings, `{ fsync: 'off' }`; tests only may turn durability off. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Receives each line that the server logs. */
  readonly onLine?: (line: string) => void;
}

/** A running server. */
export interface PostgresServer {
  /** Connection string of the superuser for the database `postgres`. */
  readonly adminUrl: string;
  readonly process: RunningProcess;
  /** Ends all sessions and shuts the server down (Postgres' "fast" mode). */
  stop(): Promise<void>;
}

/** Connection string of the superuser of a server started with these options. */
export function postgresAdminUrl(options: Pick<PostgresOptions, 'port' | 'password'>): string {
  return `postgresql://${SUPERUSER}:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/postgres`;
}

/**
 * Gets a data directory ready (made if absent, leftovers of a killed server cleared) and says how to start its server.
 * It must be called before each start.
 *
 * @throws when Postgres is not installed for this platform, or the directory cannot be made.
 */
export async function preparePostgres(options: PostgresOptions): Promise<ProcessSpec> {
  const dataDir = resolve(options.dataDir);
  const binaries = await postgresBinaries();
  if (existsSync(join(dataDir, 'PG_VERSION'))) await endLeftoverServer(dataDir);
  else await initialise(binaries.initdb, dataDir, options.password);
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...NO_VALUES_IN_LOGS,
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return underAccount(await serverAccount(dataDir), dataDir, {
    command: binaries.postgres,
    args: ['-D', dataDir, '-p', `${options.port}`, ...flags],
    env: programEnvironment(),
    cwd: '/',
    stopSignal: 'SIGINT',
  });
}

/**
 * Starts an embedded Postgres 18 on 127.0.0.1 and resolves when it answers. Works as root, and after the former server
 * was killed with SIGKILL.
 *
 * @throws with the server's last output when it does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const server = await startChild(await preparePostgres(options), options.onLine);
  const adminUrl = postgresAdminUrl(options);
  try {
    await waitUntil(() => !server.isRunning() || postgresAnswers(adminUrl), {
      timeoutMs: READY_TIMEOUT_MS,
      what: 'Postgres to answer',
    });
    if (!server.isRunning()) throw new Error('Postgres ended while it was starting');
  } catch (error) {
    await server.stop();
    throw new Error(`${(error as Error).message}. Its last words:\n${server.output()}`, { cause: error });
  }
  return { adminUrl, process: server, stop: async () => void (await server.stop()) };
}

/** Whether a server accepts this connection string right now. */
export async function postgresAnswers(url: string): Promise<boolean> {
  const client = await connectTo(url, 2_000);
  try {
    await client.query('select 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes the cluster beside its final place and renames it, so that an interrupted `initdb` leaves nothing half made. */
async function initialise(initdb: string, dataDir: string, password: string): Promise<void> {
  const draft = `${dataDir}.${randomUUID()}`;
  const passwordFile = `${draft}.password`;
  const account = await serverAccount(dataDir);
  await mkdir(dirname(dataDir), { recursive: true });
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    await Promise.all([giveTo(account, draft), giveTo(account, passwordFile)]);
    const identity = ['--username', SUPERUSER, '--pwfile', passwordFile, '--auth', 'scram-sha-256'];
    const spec = await underAccount(account, draft, {
      command: initdb,
      args: ['--pgdata', draft, ...identity, '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
      env: programEnvironment(),
    });
    await run(spec.command, [...spec.args], { env: { ...spec.env }, cwd: '/', ...spec.account });
    await rm(dataDir, { recursive: true, force: true });
    await rename(draft, dataDir);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

/** Postgres' programs read no settings from the environment that a developer's `PG…` variables could change. */
function programEnvironment(): Record<string, string | undefined> {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}
