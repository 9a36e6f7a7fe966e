import pg from 'pg';

/** Runs one statement with a connection of its own. */
export async function query<R extends pg.QueryResultRow>(
  connectionString: string,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<R>(sql, [...parameters])).rows;
  } finally {
    await client.end();
  }
}

/** Writes as nobody should be able to: as the superuser, past triggers and foreign keys. */
export async function tamper(connectionString: string, sql: string, parameters: readonly unknown[]): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    return (await client.query(sql, [...parameters])).rowCount ?? 0;
  } finally {
    await client.end();
  }
}
