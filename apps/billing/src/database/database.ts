import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.js';

const INT8 = 20;

/** Amounts come as numbers; everything else as the driver reads it. */
const parserOf: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8 ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown);

/** What a statement runs on: the pool, or the one connection of a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** The one pool of the process. Statements that move money use it directly, simple reads through Prisma. */
export class Database {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;

  /**
   * @param options.connections size of the pool.
   * @param options.onConnectionError told when a connection breaks; the pool replaces it.
   */
  constructor(
    url: string,
    options: { readonly connections: number; readonly onConnectionError: (error: Error) => void },
  ) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: options.connections,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 30_000,
      application_name: 'billing',
      // Amounts stay below 2^53 by a constraint of the account.
      types: { getTypeParser: parserOf },
    });
    // Each connection is listened to for all its life: the pool does so only while it is idle, and between that and its
    // use there is a moment in which an unheard error event would end the process.
    this.pool.on('connect', (connection) => connection.on('error', options.onConnectionError));
    this.pool.on('error', () => undefined);
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool) });
  }

  /**
   * Runs `work` in one READ COMMITTED transaction and commits when it returns. Each statement sees what was committed
   * before it, so what is read after a lock is what the former owner of the lock left.
   * @throws what `work` throws, after a rollback.
   */
  async transaction<T>(work: (connection: pg.PoolClient) => Promise<T>): Promise<T> {
    const connection = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await connection.query('begin isolation level read committed');
      const result = await work(connection);
      await connection.query('commit');
      return result;
    } catch (error) {
      await connection.query('rollback').catch((cause: unknown) => {
        broken = cause instanceof Error ? cause : new Error(String(cause));
      });
      throw error;
    } finally {
      connection.release(broken);
    }
  }

  /** Waits for running statements and closes the connections. */
  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }
}
