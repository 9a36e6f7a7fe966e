import type { Case } from './case.js';
import type { Judge } from './judge.js';
import type { Operation } from './operations.js';
import type { WireRequest } from './sample.js';
import { validRequest } from './sample.js';
import { send } from './wire.js';
import type { Values, World } from './world.js';

/** What an operation works on, and a request that it accepts. */
export interface Placed {
  readonly values: Values;
  readonly valid: WireRequest;
}

export async function place(world: World, operation: Operation): Promise<Placed> {
  const values = await world.place(operation);
  const parts = { key: world.keys[operation.audience], values, schemas: world.document.schemas };
  return { values, valid: validRequest(operation, parts) };
}

/**
 * Sends all cases of an operation, one after another, and tells what was wrong with the answers. What is refused must have
 * written nothing; and after all of them a valid request is still accepted.
 */
export async function check(
  world: World,
  judge: Judge,
  operation: Operation,
  make: (placed: Placed) => readonly Case[],
): Promise<string[]> {
  const faults: string[] = [];
  let cases = make(await place(world, operation));
  await world.written();
  for (let at = 0; at < cases.length; at += 1) {
    const given = cases[at];
    if (!given) continue;
    const reply = await send(world.api.url, given.request).catch((error: unknown) => String(error));
    if (typeof reply === 'string') {
      faults.push(`${operation.name} · ${given.name}: ${reply}`);
      continue;
    }
    faults.push(...judge.faults(operation, given, reply));
    const written = await world.written();
    if (reply.status >= 400 && written.length > 0) {
      faults.push(`${operation.name} · ${given.name}: was refused (${reply.status}), yet wrote ${written.join(', ')}`);
    }
    // What was deleted is no place for the next case.
    if (reply.status < 300 && operation.method === 'DELETE') {
      cases = make(await place(world, operation));
      await world.written();
    }
  }
  return [...faults, ...(await accepts(world, judge, operation))];
}

async function accepts(world: World, judge: Judge, operation: Operation): Promise<string[]> {
  const { valid } = await place(world, operation);
  const given = { name: 'a valid request', request: valid, expected: { statuses: [200, 201, 202, 204] } };
  return judge.faults(operation, given, await send(world.api.url, valid));
}
