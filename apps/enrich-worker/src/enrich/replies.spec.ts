import { describe, expect, test } from '@jest/globals';
import { cellResult, MAX_VALUE_BYTES } from '@uno/workflow-contracts';
import fc from 'fast-check';
import { readFixture, type FIXTURE_NAMES } from '../../test/fixtures/fixture.js';
import type { ItemResult } from './enrich-provider.js';
import { ProviderError, type EntityType } from '@uno/worker-kit';
import { readLushaReply } from './lusha.reply.js';
import { readPdlReply } from './pdl.reply.js';

const READERS = [
  ['lusha-companies', readLushaReply],
  ['lusha-contacts', readLushaReply],
  ['pdl-companies', readPdlReply],
  ['pdl-persons', readPdlReply],
] as const satisfies readonly (readonly [(typeof FIXTURE_NAMES)[number], typeof readLushaReply])[];

/** The results, or nothing when the reply was refused; any other error is a fault of the reader. */
function read(
  reader: typeof readLushaReply,
  reply: unknown,
  call: { readonly entityType: EntityType; readonly rows: number },
): readonly ItemResult[] | undefined {
  try {
    return reader(reply, call);
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderError);
    expect((error as ProviderError).kind).toBe('answer');
    return undefined;
  }
}

function expectUsable(results: readonly ItemResult[], rows: number): void {
  expect(results).toHaveLength(rows);
  for (const result of results) {
    for (const value of Object.values(result.outcome === 'found' ? result.values : {})) {
      expect(cellResult.safeParse({ rowId: 'r', columnId: 'c', status: 'filled', value }).success).toBe(true);
      expect(Buffer.byteLength(JSON.stringify(value))).toBeLessThanOrEqual(MAX_VALUE_BYTES);
      expect(JSON.stringify(value)).not.toMatch(/\\u0000|\\ud[89a-f]/);
    }
  }
}

describe.each(READERS)('a reply like %s', (name, reader) => {
  const { entityType, entities, reply } = readFixture(name);
  const rows = entities.length;

  test('whatever JSON it is, is read or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const results = read(reader, json, { entityType, rows });
        if (results !== undefined) expectUsable(results, rows);
      }),
    );
  });

  test('with anything in the place of any part of it, gives each row a result of its own or none at all', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(-1, 1e308, Infinity, NaN, 0, '', '\0', '\ud800', 'x'.repeat(70_000), '0', '7', undefined),
    );
    fc.assert(
      fc.property(fc.nat(), anything, (at, value) => {
        const places = pathsIn(reply.body);
        const lie = replaced(reply.body, places[at % places.length] ?? [], value);
        const results = read(reader, lie, { entityType, rows });
        if (results !== undefined) expectUsable(results, rows);
      }),
      { numRuns: 500 },
    );
  });

  test('with unknown fields everywhere, is read as if they were not there', () => {
    const usual = reader(reply.body, { entityType, rows });
    const grown = JSON.parse(JSON.stringify(reply.body), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, added: [1] } : value,
    ) as unknown;
    expect(reader(grown, { entityType, rows })).toEqual(usual);
  });
});

type Path = readonly (string | number)[];

function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const fields = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [at, ...fields.flatMap(([field, inner]) => pathsIn(inner, [...at, field as string | number]))];
}

function replaced(value: unknown, [field, ...rest]: Path, by: unknown): unknown {
  if (field === undefined) return by;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[field] = replaced(copy[field], rest, by);
  return copy;
}
