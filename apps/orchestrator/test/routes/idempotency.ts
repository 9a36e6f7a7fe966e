import { isDeepStrictEqual } from 'node:util';
import { place } from './check.js';
import type { Case } from './case.js';
import type { Judge } from './judge.js';
import type { Operation } from './operations.js';
import type { WireRequest } from './sample.js';
import type { WireReply } from './wire.js';
import { send } from './wire.js';
import type { World } from './world.js';

const AT_ONCE = 8;

/** What is wrong with how an operation keeps its keys; empty when nothing is. */
export async function idempotencyFaults(world: World, judge: Judge, operation: Operation): Promise<string[]> {
  const fresh = async (): Promise<WireRequest> => (await place(world, operation)).valid;
  const valid = await fresh();
  const base = `${operation.method} ${operation.path}`.replaceAll(/\W/g, '');
  const keyed = (key: string | readonly string[], request: WireRequest): WireRequest => ({
    ...request,
    headers: { ...request.headers, 'idempotency-key': key },
  });
  const faults: string[] = [];
  const ask = async (given: Case): Promise<WireReply> => {
    const reply = await send(world.api.url, given.request);
    faults.push(...judge.faults(operation, given, reply));
    return reply;
  };

  const accepted = { statuses: [200, 201, 202] };
  const first = await ask({ name: 'a new key', request: keyed(`${base}-1`, valid), expected: accepted });
  await world.written();
  const again = await ask({ name: 'a key again', request: keyed(`${base}-1`, valid), expected: accepted });
  if (!isDeepStrictEqual(JSON.parse(again.text), JSON.parse(first.text))) faults.push('a key again: another answer');
  faults.push(...(await world.written()).map((table) => `a key again: wrote ${table}`));
  if (valid.body !== undefined) {
    const expected = { statuses: [422], code: 'idempotency_key_reused' };
    await ask({ name: 'a key with another body', request: keyed(`${base}-1`, changed(valid)), expected });
  }

  const invalid = { statuses: [400], code: 'idempotency_key_invalid' };
  for (const key of ['', ' ', 'x'.repeat(256), 'a b', 'caf\u00e9', ['one', 'two']]) {
    await ask({ name: `the key ${JSON.stringify(key)}`, request: keyed(key, valid), expected: invalid });
  }
  const long = keyed(base.padEnd(255, 'x'), await fresh());
  await ask({ name: 'a key of 255 characters', request: long, expected: accepted });

  const request = keyed(`${base}-2`, await fresh());
  const together = { statuses: [...accepted.statuses, 409] };
  const replies = await Promise.all(
    Array.from({ length: AT_ONCE }, () => ask({ name: 'one key at once', request, expected: together })),
  );
  const [answer, ...others] = replies
    .filter(({ status }) => status !== 409)
    .map(({ text }): unknown => JSON.parse(text));
  if (answer === undefined) faults.push('one key at once: nobody was answered');
  if (others.some((other) => !isDeepStrictEqual(other, answer))) faults.push('one key at once: answers differ');
  return faults;
}

/** The same request with another valid body. */
function changed(request: WireRequest): WireRequest {
  const text = String(request.body);
  if (!text.startsWith('{')) return { ...request, body: `${text}Other,Bern\n` };
  const body = JSON.parse(text) as Record<string, unknown>;
  if ('maxCredits' in body) return { ...request, body: JSON.stringify({ ...body, maxCredits: 7 }) };
  if ('rows' in body) return { ...request, body: JSON.stringify({ rows: [{ entity: { name: 'Another' } }] }) };
  return { ...request, body: JSON.stringify({ ...body, name: 'Another' }) };
}
