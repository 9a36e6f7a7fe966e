import pg from 'pg';

/**
 * A pool for a test's own statements. Dropping the database at the end cuts connections that are still closing; without
 * these listeners that would fail the test that happens to run then.
 *
 * @param max connections at most
 */
export function openTestPool(connectionString: string, max = 1): pg.Pool {
  const pool = new pg.Pool({ connectionString, max });
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  return pool;
}
