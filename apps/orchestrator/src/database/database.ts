import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import pg from 'pg';
import { Config } from '../config/config.js';
import { Sql, prepared, queryOf } from './sql.js';
import type { Statement } from './sql.js';

const INT8 = 20;

const SET_WORKSPACE = prepared("select set_config('app.workspace', $1, true)");

/** 64-bit integers here are counters and ids far below 2^53, so they are plain numbers. */
const getTypeParser = (oid: number, format?: 'text' | 'binary'): ((value: string) => unknown) =>
  oid === INT8 ? Number : (pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown);

export interface TransactionOptions {
  /** One snapshot for all statements, for reads that must agree with each other. */
  readonly snapshot?: boolean;
}

/**
 * Transactions of the hot paths. Each belongs to one workspace: its first statement sets the workspace that row-level
 * security checks, so that a forgotten `where` shows nothing instead of another tenant's rows.
 */
@Injectable()
export class Database implements OnModuleDestroy {
  readonly pool: pg.Pool;

  constructor(config: Config) {
    this.pool = new pg.Pool({
      connectionString: config.databaseUrl,
      max: config.databasePoolSize,
      connectionTimeoutMillis: 5_000,
      types: { getTypeParser },
      application_name: 'uno-orchestrator',
      // Statements do not wait for the answers of those before them; see Sql.
      pipeline: true,
    });
    // A connection may die at any moment, idle or in use; without a listener of its own that would end the process. The pool
    // replaces it, and whoever was using it gets the error of its statement.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    this.pool.on('error', () => undefined);
  }

  /** Runs `work` in one transaction of a workspace; a throw rolls it back. READ COMMITTED unless a snapshot is asked for. */
  async inWorkspace<T>(
    workspaceId: string,
    work: (sql: Sql) => Promise<T>,
    { snapshot = false }: TransactionOptions = {},
  ): Promise<T> {
    const client = await this.pool.connect();
    let broken = false;
    try {
      const begun = Promise.all([
        client.query(snapshot ? 'begin isolation level repeatable read read only' : 'begin'),
        client.query(queryOf(SET_WORKSPACE, [workspaceId])),
      ]);
      // Where these fail, so does the first statement of the work, and says so first.
      begun.catch(() => undefined);
      const result = await work(new Sql(client));
      await begun;
      const { command } = await client.query('commit');
      if (command !== 'COMMIT') throw new Error('A statement that nobody waited for failed: nothing was committed');
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => (broken = true));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** A single statement on data that belongs to no workspace, or a look-up function that may cross them. */
  async acrossWorkspaces<Row extends object>(statement: Statement, params: readonly unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(queryOf(statement, params))).rows;
  }

  async onModuleDestroy(): Promise<void> {
    await this.pool.end();
  }
}
