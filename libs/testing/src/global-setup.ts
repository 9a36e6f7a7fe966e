import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireTemporalCli, freePort, startPostgres, startTemporal } from '@uno/local-stack';
import { dockerInfo } from './docker.js';
import { publishStop, stopPublished, type StopServers } from './running-servers.js';
import { TEST_POSTGRES_URL, TEST_TEMPORAL_ADDRESS } from './test-servers.js';

/** Nothing here outlives the run, so nothing needs to reach the disk. */
const VOLATILE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' };

const START_ATTEMPTS = 3;

interface JestProject {
  readonly globals: Readonly<Record<string, unknown>>;
}

/**
 * Jest's `globalSetup`: starts the servers that the project's configuration asks for and publishes their addresses in
 * the environment. An address that is set already (a server of one's own) is used as it is.
 */
export default async function globalSetup(_run: unknown, project: JestProject): Promise<void> {
  const wanted = project.globals['unoTestServers'] as { postgres?: boolean; temporal?: boolean } | undefined;
  const stops: StopServers[] = [];
  publishStop(async () => {
    for (const stop of stops) await stop();
  });
  try {
    await Promise.all([
      wanted?.postgres && !process.env[TEST_POSTGRES_URL] ? postgres(stops) : undefined,
      wanted?.temporal && !process.env[TEST_TEMPORAL_ADDRESS] ? temporal(stops) : undefined,
    ]);
  } catch (error) {
    // Jest runs no teardown after a set-up that failed.
    await stopPublished();
    throw error;
  }
}

/** `UNO_TEST_POSTGRES=testcontainers` runs it in a container, where `docker info` works; the default needs no engine. */
async function postgres(stops: StopServers[]): Promise<void> {
  if (process.env['UNO_TEST_POSTGRES'] !== 'testcontainers') return embeddedPostgres(stops);
  const docker = await dockerInfo();
  if (!docker.works) {
    process.stderr.write(`UNO_TEST_POSTGRES=testcontainers is not possible, docker info says: ${docker.reason}\n`);
    return embeddedPostgres(stops);
  }
  // Only here: it is large, and most runs do without.
  const { startPostgresContainer } = await import('./postgres-container.js');
  const container = await startPostgresContainer(VOLATILE);
  stops.unshift(() => container.stop());
  process.env[TEST_POSTGRES_URL] = container.adminUrl;
}

async function embeddedPostgres(stops: StopServers[]): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'uno-test-postgres-'));
  stops.push(() => rm(directory, { recursive: true, force: true }));
  const options = { dataDir: join(directory, 'data'), password: randomUUID(), settings: VOLATILE };
  const server = await onFreePort((port) => startPostgres({ ...options, port }));
  stops.unshift(() => server.stop());
  process.env[TEST_POSTGRES_URL] = server.adminUrl;
}

async function temporal(stops: StopServers[]): Promise<void> {
  const cli = await acquireTemporalCli();
  const server = await onFreePort((port) => startTemporal({ cli, port }));
  stops.unshift(() => server.stop());
  process.env[TEST_TEMPORAL_ADDRESS] = server.address;
}

/** Another project's tests may take a free port in the moment before the server does: then the next one is tried. */
async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}
