import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireTemporalCli, freePort, startPostgres, startTemporal } from '@uno/local-stack';
import { type StopServers, publishStop } from './running-servers.js';
import { TEST_POSTGRES_URL, TEST_TEMPORAL_ADDRESS } from './test-servers.js';

/** Nothing here outlives the run, so nothing needs to reach the disk. */
const VOLATILE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' };

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
  publishStop(async () => void (await Promise.all(stops.map((stop) => stop()))));
  await Promise.all([
    wanted?.postgres && !process.env[TEST_POSTGRES_URL] ? postgres(stops) : undefined,
    wanted?.temporal && !process.env[TEST_TEMPORAL_ADDRESS] ? temporal(stops) : undefined,
  ]);
}

async function postgres(stops: StopServers[]): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'uno-test-postgres-'));
  stops.push(() => rm(directory, { recursive: true, force: true }));
  const server = await startPostgres({
    dataDir: join(directory, 'data'),
    port: await freePort(),
    password: randomUUID(),
    settings: VOLATILE,
  });
  stops.pop();
  stops.push(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });
  process.env[TEST_POSTGRES_URL] = server.adminUrl;
}

async function temporal(stops: StopServers[]): Promise<void> {
  const cli = await acquireTemporalCli();
  const server = await startTemporal({ cli, port: await freePort() });
  stops.push(() => server.stop());
  process.env[TEST_TEMPORAL_ADDRESS] = server.address;
}
