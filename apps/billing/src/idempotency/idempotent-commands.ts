import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { AccountLock } from '../accounts/account-lock.js';
import type { AccountView } from '../accounts/account.schema.js';
import { Database } from '../database/database.js';
import { Problem, problemDetails } from '../http/problem.js';
import type { Answer } from './answer.js';
import { stableJson } from './stable-json.js';

/** A request that must have its effect at most once. */
export interface Command {
  readonly accountId: string;
  /** The Idempotency-Key, unique within the account. */
  readonly key: string;
  /** The route and its target. Together with the body they are what a key stands for. */
  readonly operation: string;
  readonly body: unknown;
}

/** Runs commands so that the idempotency row, the effect and the answer commit together. */
@Injectable()
export class IdempotentCommands {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountLock,
  ) {}

  /**
   * Runs `work` under the account's lock unless the key was answered before; then that answer is given again.
   * That a command is running is a lock of its transaction, never a stored state, so a crash leaves nothing behind.
   * @throws Problem 409 `request_running` while the same key runs; 422 `idempotency_key_reused` for another request.
   */
  async run<T extends object>(
    command: Command,
    work: (connection: pg.PoolClient, account: AccountView) => Promise<Answer<T>>,
  ): Promise<Answer<T>> {
    const { accountId, key } = command;
    const fingerprint = createHash('sha256')
      .update(`${command.operation}\n${stableJson(command.body)}`)
      .digest('hex');
    return this.database.transaction(async (connection) => {
      await this.lockKey(connection, command);
      const stored = await connection.query<{ fingerprint: string; status: number; answer: T }>(
        'select fingerprint, status, answer from idempotent_request where account_id = $1 and key = $2',
        [accountId, key],
      );
      const former = stored.rows[0];
      if (former !== undefined) {
        if (former.fingerprint !== fingerprint) {
          throw new Problem(
            problemDetails(422, 'idempotency_key_reused', 'The Idempotency-Key was used for another request.'),
          );
        }
        return { status: former.status, body: former.answer };
      }
      const account = await this.accounts.acquire(connection, accountId);
      const answer = await work(connection, account);
      await connection.query(
        'insert into idempotent_request (account_id, key, fingerprint, status, answer) values ($1, $2, $3, $4, $5)',
        [accountId, key, fingerprint, answer.status, JSON.stringify(answer.body)],
      );
      return answer;
    });
  }

  /**
   * Takes the key's lock until the transaction ends. It never waits, so it comes before the account's lock. A method of
   * its own, so that a test can show what its absence does.
   */
  protected async lockKey(connection: pg.PoolClient, { accountId, key }: Command): Promise<void> {
    const tried = await connection.query<{ locked: boolean }>(
      'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as locked',
      [JSON.stringify([accountId, key])],
    );
    if (tried.rows[0]?.locked !== true) {
      throw new Problem(problemDetails(409, 'request_running', 'A request with this Idempotency-Key is running.'), 1);
    }
  }
}
