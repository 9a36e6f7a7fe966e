import pg from 'pg';

/** Tells the campaign's own connections from those of the product: they are never cut. */
export const APPLICATION_NAME = 'chaos';

/** One connection that is made anew after the server went away. Statements run one after another. */
export class Database {
  private client: Promise<pg.Client> | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly url: string) {}

  /** @throws when the server is away just now. */
  rows<R extends pg.QueryResultRow>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    const rows = this.last.then(() => this.query<R>(sql, parameters));
    this.last = rows.catch(() => undefined);
    return rows;
  }

  private async query<R extends pg.QueryResultRow>(sql: string, parameters: readonly unknown[]): Promise<R[]> {
    this.client ??= this.connect();
    const { client } = this;
    try {
      return (await (await client).query<R>(sql, [...parameters])).rows;
    } catch (error) {
      // Whatever a statement failed for: a new connection costs little, a broken one would fail for ever.
      if (this.client === client) this.client = undefined;
      void client.then((broken) => broken.end()).catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.then((open) => open.end()).catch(() => undefined);
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      connectionTimeoutMillis: 2_000,
      application_name: APPLICATION_NAME,
      // A paused server keeps its connections: a statement must not wait for it for ever.
      query_timeout: 20_000,
    });
    // A connection that broke while nobody used it is not used again.
    client.on('error', () => (this.client = undefined));
    await client.connect();
    return client;
  }
}
