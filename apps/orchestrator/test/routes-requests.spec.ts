import { afterAll, describe, expect, test } from '@jest/globals';
import { check, place } from './routes/check.js';
import { idempotencyFaults } from './routes/idempotency.js';
import { Judge } from './routes/judge.js';
import { routedNames } from './routes/operations.js';
import { addressCases, keyCases, methodCases, queryCases } from './routes/request-cases.js';
import { send } from './routes/wire.js';
import { startWorld } from './routes/world.js';

// Tests are made of the document that the running API has, so it runs before they are declared.
const world = await startWorld();
afterAll(() => world.stop());
const judge = new Judge(world.document, world.secrets);
const { operations } = world.document;

/** Routes without a key: the document and its page, health, metrics. */
const OPEN = /^GET \/(docs|openapi\.json|health\/|metrics)/;

test('every route of the API is one of the operations that are tested here', () => {
  const routed = routedNames(world.api.app).filter((name) => !OPEN.test(name));
  expect(routed.sort()).toEqual(operations.map(({ name }) => name).sort());
});

describe.each(operations.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
  test('lets nobody in without the right key', async () => {
    expect(await check(world, judge, operation, ({ valid }) => keyCases(operation, valid, world.keys))).toEqual([]);
  });

  test('knows nothing of ids that are unknown, none at all, or of another workspace', async () => {
    expect(
      await check(world, judge, operation, ({ valid, values }) => addressCases(operation, valid, world, values)),
    ).toEqual([]);
  });

  test('takes a query that fits, and names what does not', async () => {
    expect(await check(world, judge, operation, ({ valid }) => queryCases(operation, valid, judge))).toEqual([]);
  });
});

describe.each(
  operations
    .filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'))
    .map((operation) => [operation.name, operation] as const),
)('%s', (_, operation) => {
  test('has one effect per Idempotency-Key', async () => {
    expect(await idempotencyFaults(world, judge, operation)).toEqual([]);
  });
});

test('no address knows another method than those of the document', async () => {
  const faults: string[] = [];
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const here = operations.filter((operation) => operation.path === path);
    const [operation] = here;
    if (!operation) continue;
    const { valid } = await place(world, operation);
    await world.written();
    const known = here.map(({ method }) => method);
    for (const given of methodCases(path, known, valid)) {
      faults.push(...judge.faults(operation, given, await send(world.api.url, given.request)));
    }
    faults.push(...(await world.written()).map((table) => `${path}: ${table} was written to`));
  }
  expect(faults).toEqual([]);
});
