import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fieldCases, unknownMemberCases, wholeBodyCases } from './routes/body-cases.js';
import { FITS } from './routes/case.js';
import { check, place } from './routes/check.js';
import { Judge } from './routes/judge.js';
import { send } from './routes/wire.js';
import { startWorld } from './routes/world.js';

// Tests are made of the document that the running API has, so it runs before they are declared.
const world = await startWorld();
afterAll(() => world.stop());
const judge = new Judge(world.document, world.secrets);
const { operations } = world.document;

describe.each(operations.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
  test('refuses bodies that are none, too much, or of another type', async () => {
    expect(await check(world, judge, operation, ({ valid }) => wholeBodyCases(operation, valid))).toEqual([]);
  });

  // Other routes have no fields to name.
  if (operation.bodyType !== 'application/json') return;
  test('refuses members that nobody knows, by their names', async () => {
    const { schemas } = world.document;
    expect(await check(world, judge, operation, ({ valid }) => unknownMemberCases(operation, valid, schemas))).toEqual(
      [],
    );
  });

  test('names the field that holds what it should not', async () => {
    const foreign = world.foreignInBodies;
    expect(
      await check(world, judge, operation, ({ valid }) => fieldCases(operation, valid, { judge, foreign })),
    ).toEqual([]);
  });
});

test('whatever JSON anybody sends, no route fails and none tells of another workspace', async () => {
  const taking = operations.filter(({ bodyType }) => bodyType === 'application/json');
  const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 20 }));
  const member = fc.oneof(texts, fc.constantFrom('id', 'name', 'rows', 'entity', 'config', 'scope', 'value', 'key'));
  const anything = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      texts,
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(member, tie('value'), { noNullPrototype: true }),
    ),
  })).value;
  const property = fc.asyncProperty(fc.constantFrom(...taking), fc.nat(), anything, async (operation, where, value) => {
    const { valid } = await place(world, operation);
    const body = JSON.parse(String(valid.body)) as Record<string, unknown>;
    const names = Object.keys(body);
    const name = names[where % (names.length + 1)];
    const request = { ...valid, body: JSON.stringify(name === undefined ? value : { ...body, [name]: value }) };
    const given = { name: 'anything', request, expected: FITS };
    expect(judge.faults(operation, given, await send(world.api.url, request))).toEqual([]);
  });
  await fc.assert(property, { seed: 20_261_122, numRuns: 400 });
});
