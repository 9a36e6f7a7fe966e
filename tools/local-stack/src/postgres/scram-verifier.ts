import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const ITERATIONS = 4_096;
const SALT_BYTES = 16;

/**
 * What Postgres itself would store for a password (RFC 5803), so that the statement that sets it holds no password: a
 * server may log statements.
 */
export function scramVerifier(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const keyFor = (side: string): Buffer => createHmac('sha256', salted).update(side).digest();
  const storedKey = createHash('sha256').update(keyFor('Client Key')).digest('base64');
  const parts = [`${ITERATIONS}:${salt.toString('base64')}`, `${storedKey}:${keyFor('Server Key').toString('base64')}`];
  return ['SCRAM-SHA-256', ...parts].join('$');
}
