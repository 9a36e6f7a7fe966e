import pg from 'pg';

/**
 * Connects to a database. A server that goes away later makes the query in progress fail, and does not, as pg would have
 * it by default, end this process by an unheard event.
 */
export async function connectTo(connectionString: string, timeoutMs = 30_000): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: timeoutMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return client;
}
