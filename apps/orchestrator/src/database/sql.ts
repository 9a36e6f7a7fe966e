import type { PoolClient } from 'pg';

/** One open transaction: parameters are always bound, never spliced. */
export class Sql {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async rows<Row extends object>(text: string, params: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#client.query<Row>(text, [...params])).rows;
  }

  /** The first row, or undefined. */
  async row<Row extends object>(text: string, params: readonly unknown[] = []): Promise<Row | undefined> {
    return (await this.rows<Row>(text, params))[0];
  }

  /** The only row of a statement that must give one. */
  async one<Row extends object>(text: string, params: readonly unknown[] = []): Promise<Row> {
    const row = await this.row<Row>(text, params);
    if (!row) throw new Error('The statement was expected to give a row');
    return row;
  }

  /** Number of rows changed. */
  async run(text: string, params: readonly unknown[] = []): Promise<number> {
    return (await this.#client.query(text, [...params])).rowCount ?? 0;
  }
}
