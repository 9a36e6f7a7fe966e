import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';

/** A statement that a connection plans once instead of each time. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/**
 * For statements of the hot paths that find their rows by a whole key: their plan is the same whatever the values and the
 * statistics. Others are planned with their values.
 */
export const prepared = (text: string): Prepared => ({
  name: createHash('sha256').update(text).digest('hex').slice(0, 32),
  text,
});

export type Statement = string | Prepared;

/** As the driver takes it. */
export const queryOf = (
  statement: Statement,
  values: readonly unknown[],
): Partial<Prepared> & { text: string } & {
  values: unknown[];
} => ({ ...(typeof statement === 'string' ? { text: statement } : statement), values: [...values] });

/**
 * One open transaction: parameters are always bound, never spliced. Statements are sent as they are issued and run one after
 * the other, each with a snapshot of its own; so two that do not need each other's answer may be issued together
 * (`Promise.all`), in the order in which they must run, and cost one round trip. When one fails, the later ones fail too.
 */
export class Sql {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async rows<Row extends object>(statement: Statement, params: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#client.query<Row>(queryOf(statement, params))).rows;
  }

  /** The first row, or undefined. */
  async row<Row extends object>(statement: Statement, params: readonly unknown[] = []): Promise<Row | undefined> {
    return (await this.rows<Row>(statement, params))[0];
  }

  /** The only row of a statement that must give one. */
  async one<Row extends object>(statement: Statement, params: readonly unknown[] = []): Promise<Row> {
    const row = await this.row<Row>(statement, params);
    if (!row) throw new Error('The statement was expected to give a row');
    return row;
  }

  /** Number of rows changed. */
  async run(statement: Statement, params: readonly unknown[] = []): Promise<number> {
    return (await this.#client.query(queryOf(statement, params))).rowCount ?? 0;
  }
}
