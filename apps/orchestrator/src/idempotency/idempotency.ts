import { createHash } from 'node:crypto';
import type { Sql } from '../database/sql.js';
import { conflict, unprocessable } from '../problems/problem.error.js';
import { stableJson } from './stable-json.js';

export interface IdempotentRequest {
  readonly workspaceId: string;
  /** The caller's `Idempotency-Key`; without one the work simply runs. */
  readonly key: string | undefined;
  /** Everything that makes the request what it is: route, ids of the path, body. */
  readonly request: unknown;
  /** HTTP status of the stored answer. */
  readonly status?: number;
}

/**
 * Runs `work` at most once per key, inside the caller's transaction: effect and stored answer commit together, so a crash
 * leaves both or neither, and a refusal leaves neither (rule R13). "Still running" is a lock that ends with the
 * transaction, never a stored state.
 *
 * `work` ends with its list event; the one insert that follows waits for nobody, since the key's lock is held.
 * @returns what `work` returned (as JSON), now or when the key was first used
 * @throws ProblemError 409 `idempotency_key_in_use`, 422 `idempotency_key_reused`
 */
export async function withIdempotency<T>(
  sql: Sql,
  { workspaceId, key, request, status = 201 }: IdempotentRequest,
  work: () => Promise<T>,
): Promise<T> {
  if (key === undefined) return work();
  const { locked } = await sql.one<{ locked: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 1)) as locked',
    [`${workspaceId}:${key}`],
  );
  if (!locked) {
    throw conflict('idempotency_key_in_use', 'A request with this Idempotency-Key is still running.', {
      retryAfterSeconds: 1,
    });
  }
  const hash = createHash('sha256').update(stableJson(request)).digest('hex');
  const known = await sql.row<{ request_hash: string; response: { body: T } }>(
    'select request_hash, response from idempotency where workspace_id = $1 and key = $2',
    [workspaceId, key],
  );
  if (known && known.request_hash !== hash) {
    throw unprocessable('idempotency_key_reused', '', 'This Idempotency-Key was used with another request.');
  }
  if (known) return known.response.body;
  const body = await work();
  await sql.run(
    'insert into idempotency (workspace_id, key, request_hash, status, response) values ($1, $2, $3, $4, $5)',
    [workspaceId, key, hash, status, JSON.stringify({ body })],
  );
  return body;
}
