import { randomUUID } from 'node:crypto';
import { postgresAnswers, waitUntil } from '@uno/local-stack';
import { GenericContainer, Wait } from 'testcontainers';

const IMAGE = 'postgres:18';
const PORT = 5432;
const SUPERUSER = 'postgres';
const READY_TIMEOUT_MS = 60_000;
const READY = /database system is ready to accept connections/;

/** A Postgres server in a container. */
export interface PostgresContainer {
  /** Connection string of the superuser for the database `postgres`. */
  readonly adminUrl: string;
  /** Ends and removes the container. */
  stop(): Promise<void>;
}

/**
 * Starts Postgres in a container of its own and resolves when it answers. Testcontainers' own companion removes it even
 * when this process is killed.
 *
 * @param settings of the server, `{ fsync: 'off' }`.
 * @throws when there is no container engine or the image cannot be had. `UNO_TEST_POSTGRES_IMAGE` names another image.
 */
export async function startPostgresContainer(settings: Readonly<Record<string, string>>): Promise<PostgresContainer> {
  const password = randomUUID();
  const container = await new GenericContainer(process.env['UNO_TEST_POSTGRES_IMAGE'] || IMAGE)
    .withEnvironment({ POSTGRES_PASSWORD: password, POSTGRES_INITDB_ARGS: '--locale=C --encoding=UTF8' })
    .withCommand(['postgres', ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])])
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forLogMessage(READY))
    .start();
  const server = `${container.getHost()}:${container.getMappedPort(PORT)}`;
  const adminUrl = `postgresql://${SUPERUSER}:${password}@${server}/postgres`;
  const stop = async (): Promise<void> => void (await container.stop());
  try {
    // The image starts the server once to set it up, where no port reaches it, and then for good.
    await waitUntil(() => postgresAnswers(adminUrl), { timeoutMs: READY_TIMEOUT_MS, what: 'Postgres to answer' });
  } catch (error) {
    await stop();
    throw error;
  }
  return { adminUrl, stop };
}
