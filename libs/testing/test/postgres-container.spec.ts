import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dockerInfo } from '../src/docker.js';
import { startTestDatabase } from '../src/index.js';
import type { PostgresContainer } from '../src/postgres-container.js';
import { TEST_POSTGRES_URL } from '../src/test-servers.js';

/** The first start of a machine downloads the image. */
const STARTED_WITHIN_MS = 300_000;

const docker = await dockerInfo();

if (docker.works) {
  describe('Postgres in a container', () => {
    const embedded = process.env[TEST_POSTGRES_URL];
    let container: PostgresContainer | undefined;

    beforeAll(async () => {
      const { startPostgresContainer } = await import('../src/postgres-container.js');
      container = await startPostgresContainer({ fsync: 'off' });
      process.env[TEST_POSTGRES_URL] = container.adminUrl;
    }, STARTED_WITHIN_MS);
    afterAll(async () => {
      process.env[TEST_POSTGRES_URL] = embedded;
      await container?.stop();
    });

    test('gives each test a database of its own, as the embedded one does', async () => {
      const database = await startTestDatabase({ role: 'notes_app' });
      expect(new URL(database.url).host).toBe(new URL(container?.adminUrl ?? '').host);
      await database.stop();
    });
  });
} else {
  process.stderr.write(`Skipped: Postgres in a container, because docker info says: ${docker.reason}\n`);
  test.skip(`Postgres in a container is skipped: docker info says "${docker.reason}"`, () => undefined);
}
