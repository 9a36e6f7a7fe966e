import { describe, expect, test } from '@jest/globals';
import { ConfigValidator } from './config-validator.js';

const kind = (name: string, properties: object = {}): object => ({
  type: 'object',
  properties: { type: { type: 'string', const: name }, ...properties },
  required: ['type', ...Object.keys(properties)],
  additionalProperties: false,
});
const ANSWER = {
  type: 'object',
  properties: {
    answer: { oneOf: [kind('text'), kind('number'), kind('one_of', { options: { type: 'array', minItems: 2 } })] },
  },
  required: ['answer'],
};

const configs = new ConfigValidator();
const check = (schema: Readonly<Record<string, unknown>>, value: unknown): (readonly [string, string])[] =>
  configs.check(schema, value, '/config').map(({ pointer, detail }) => [pointer, detail]);

describe('of alternatives that a member tells apart', () => {
  test.each([
    ['options is missing', { type: 'one_of' }, '/config/answer/options', /required/],
    ['options is too short', { type: 'one_of', options: ['a'] }, '/config/answer/options', /fewer than 2/],
    ['options does not belong there', { type: 'text', options: ['a'] }, '/config/answer/options', /additional/],
    ['there is no such type', { type: 'image' }, '/config/answer/type', /one of: text, number, one_of$/],
    ['the type is missing', {}, '/config/answer/type', /one of: text, number, one_of$/],
    ['it is no object', 'text', '/config/answer', /must be object/],
  ])('only the chosen one is told about when %s', (_what, answer, pointer, detail) => {
    expect(check(ANSWER, { answer })).toEqual([[pointer, expect.stringMatching(detail)]]);
  });

  test('each one is taken', () => {
    for (const answer of [{ type: 'text' }, { type: 'one_of', options: ['a', 'b'] }]) {
      expect(check(ANSWER, { answer })).toEqual([]);
    }
  });

  test('those that no member tells apart are checked as JSON Schema says', () => {
    const schema = { properties: { a: { oneOf: [{ type: 'string' }, { type: 'string', minLength: 2 }, kind('x')] } } };
    expect(check(schema, { a: 'b' })).toEqual([]);
    expect(check(schema, { a: 'both' })).toEqual([['/config/a', expect.stringMatching(/exactly one/)]]);
  });
});

describe('schemas of services', () => {
  test('may refer to themselves', () => {
    const schema = { type: 'object', properties: { inner: { $ref: '#' } }, additionalProperties: false };
    for (const each of [{ ...schema, title: 'first' }, schema]) {
      expect(configs.fault(each)).toBeUndefined();
      expect(check(each, { inner: { inner: {} } })).toEqual([]);
      expect(check(each, { inner: { other: 1 } })).toMatchObject([['/config/inner/other', expect.anything()]]);
    }
  });

  test('may change under one name', () => {
    const named = (type: string): Record<string, unknown> => ({
      $id: 'https://example.com/config',
      properties: { a: { $ref: '#/$defs/a' } },
      $defs: { a: { $id: 'inner', type } },
    });
    expect(check(named('string'), { a: 1 })).toHaveLength(1);
    expect(check(named('number'), { a: 1 })).toEqual([]);
  });

  test('that are none are refused', () => {
    expect(configs.fault({ type: 'nonsense' })).toMatch(/type/);
    expect(configs.fault({ $ref: 'https://example.com/elsewhere' })).toMatch(/resolve/);
    expect(configs.fault({ properties: { a: { 'x-uno-value': { type: 'nonsense' } } } })).toMatch(/type/);
    expect(configs.fault({ properties: { a: { 'x-uno-value': { type: 'number' } } } })).toBeUndefined();
  });
});

describe('a member that is a JSON Schema itself', () => {
  const schema = {
    type: 'object',
    properties: { answer: { type: 'object', 'x-uno-json-schema': { maxCharacters: 32_000 } } },
  };
  const faults = (answer: unknown): (readonly [string, string])[] => check(schema, { answer });

  test.each([
    ['of no type that there is', { type: 'image' }, /schema\/type must be equal to one of the allowed values/],
    ['with a wrong part', { properties: { a: { items: 1 } } }, /schema\/properties\/a\/items must be/],
    ['that refers to nothing', { $ref: '#/$defs/none' }, /can't resolve/],
    ['that refers to another document', { $ref: 'https://a.example/schema' }, /can't resolve/],
    ['that is too long', { description: 'x'.repeat(32_000) }, /at most 32000 characters/],
    ['that is asynchronous', { $async: true }, /\$async/],
  ])('is refused at its place when it is one %s', (_what, answer, detail) => {
    expect(faults(answer)).toEqual([['/config/answer', expect.stringMatching(detail)]]);
  });

  test('is taken with any name, dialect, keyword and pattern', () => {
    const named = { $schema: 'http://json-schema.org/draft-07/schema#', $id: 'https://a.example/person' };
    expect(faults({ ...named, type: 'object', 'x-own': 1, patternProperties: { '(': {} } })).toEqual([]);
    expect(faults({ ...named, properties: { inner: { $ref: '#' } } })).toEqual([]);
    expect(faults({})).toEqual([]);
  });

  test('costs no more than its length when it refers to itself again and again', () => {
    const anyOf = Array.from({ length: 700 }, () => ({ type: 'string' }));
    const allOf = Array.from({ length: 700 }, () => ({ $ref: '#/$defs/a' }));
    expect(faults({ $defs: { a: { anyOf } }, allOf })).toEqual([]);
  });

  test('has limits that are checked when the service registers', () => {
    expect(configs.fault({ properties: { a: { 'x-uno-json-schema': true } } })).toMatch(/object/);
  });
});

test('a member that names a key beside it may name no other', () => {
  const schema = {
    type: 'object',
    properties: { on: { type: 'string', 'x-uno-key-of': { of: 'map', or: ['email'] } }, map: { type: 'object' } },
  };
  expect(check(schema, { on: 'banana', map: { domain: 'x' } })).toEqual([
    ['/config/on', 'must be a key of map, or one of: email'],
  ]);
  expect(check(schema, { on: 'toString' })).toHaveLength(1);
  expect(check(schema, { on: 'domain', map: { domain: 'x' } })).toEqual([]);
  expect(check(schema, { on: 'email' })).toEqual([]);
});
