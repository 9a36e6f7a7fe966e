import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { unauthorized } from '../problems/problem.error.js';

const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/i;

/**
 * The bearer token of a request.
 * @throws ProblemError 401 when there is none
 */
export function bearerToken(request: Pick<IncomingMessage, 'headers'>): string {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthorized();
  return token;
}

/** What is stored of a key: keys are long and random, so a plain SHA-256 gives nothing away. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Compares digests, so the time taken says nothing about the key. */
export function isSameKey(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(hashKey(given)), Buffer.from(hashKey(expected)));
}
