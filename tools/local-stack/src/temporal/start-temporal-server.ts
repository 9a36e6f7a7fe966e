import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { freePortBase } from '../network.js';
import { startChild } from '../process/running-process.js';
import { waitUntil } from '../wait-until.js';
import type { TemporalServerPrograms } from './acquire-temporal-server.js';
import { DYNAMIC_CONFIG, type TemporalServer } from './start-temporal.js';

const READY_TIMEOUT_MS = 60_000;
const HISTORY_SHARDS = 4;
const SCHEMAS = { temporal: 'postgresql/v12/temporal', temporal_visibility: 'postgresql/v12/visibility' } as const;
const SERVICES = ['FRONTEND', 'HISTORY', 'MATCHING', 'WORKER'] as const;
const run = promisify(execFile);

/** A Temporal server and the Postgres server that holds its state. */
export interface TemporalOnPostgresOptions {
  readonly programs: TemporalServerPrograms;
  /** Connection string of a role that may create databases; `temporal` and `temporal_visibility` are made there. */
  readonly postgresUrl: string;
}

/**
 * Starts the Temporal server that clusters run, all its services in one process, on free ports of 127.0.0.1, with its
 * state in Postgres. It has no namespace yet, as a new cluster has none. For tests of the production's shape.
 *
 * @throws with the output of the program that failed.
 */
export async function startTemporalOnPostgres(options: TemporalOnPostgresOptions): Promise<TemporalServer> {
  const postgres = new URL(options.postgresUrl);
  for (const [database, schema] of Object.entries(SCHEMAS)) await makeSchema(options, database, schema);
  const configFile = join(tmpdir(), `uno-temporal-${randomUUID()}.yaml`);
  await writeFile(configFile, dynamicConfig());
  // High ports do not fit into the column in which the services tell each other where they are.
  const port = await freePortBase(2 * SERVICES.length + 1);
  const server = await startChild({
    command: options.programs.server,
    args: ['--allow-no-auth', 'start'],
    env: {
      PATH: process.env['PATH'],
      ...servicePorts(port),
      DB: 'postgres12',
      POSTGRES_SEEDS: postgres.hostname,
      DB_PORT: postgres.port,
      POSTGRES_USER: decodeURIComponent(postgres.username),
      POSTGRES_PWD: decodeURIComponent(postgres.password),
      NUM_HISTORY_SHARDS: `${HISTORY_SHARDS}`,
      BIND_ON_IP: '127.0.0.1',
      TEMPORAL_BROADCAST_ADDRESS: '127.0.0.1',
      DYNAMIC_CONFIG_FILE_PATH: configFile,
      LOG_LEVEL: 'warn',
    },
  });
  const address = `127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(configFile, { force: true });
  };
  try {
    await waitUntil(() => !server.isRunning() || answers(address), {
      timeoutMs: READY_TIMEOUT_MS,
      what: 'the Temporal server to answer',
    });
    if (!server.isRunning()) throw new Error('The Temporal server ended while it was starting');
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}. Its last words:\n${server.output()}`, { cause: error });
  }
  return { address, process: server, stop };
}

/** Makes a database with a schema, step by step as the vendor documents it. */
async function makeSchema(options: TemporalOnPostgresOptions, database: string, schema: string): Promise<void> {
  const { hostname, port, username, password } = new URL(options.postgresUrl);
  const connection = ['--plugin', 'postgres12', '--ep', hostname, '-p', port, '--db', database];
  const env = { SQL_USER: decodeURIComponent(username), SQL_PASSWORD: decodeURIComponent(password) };
  for (const step of [['create'], ['setup-schema', '-v', '0.0'], ['update-schema', '--schema-name', schema]]) {
    await run(options.programs.sqlTool, [...connection, ...step], { env }).catch(
      (error: Error & { stderr?: string }) => {
        throw new Error(`temporal-sql-tool ${step[0]} failed for ${database}:\n${error.stderr ?? ''}`);
      },
    );
  }
}

function servicePorts(frontend: number): Record<string, string> {
  const ports: Record<string, string> = { FRONTEND_HTTP_PORT: `${frontend + 2 * SERVICES.length}` };
  for (const [index, service] of SERVICES.entries()) {
    ports[`${service}_GRPC_PORT`] = `${frontend + index}`;
    ports[`${service}_MEMBERSHIP_PORT`] = `${frontend + SERVICES.length + index}`;
  }
  return ports;
}

/** The same settings as on the development server, in the file's format. */
function dynamicConfig(): string {
  return DYNAMIC_CONFIG.map((setting) => setting.split('='))
    .map(([name, value]) => `${name}:\n  - value: ${value}\n`)
    .join('');
}

async function answers(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.workflowService.listNamespaces({});
    return true;
  } finally {
    await connection.close();
  }
}
