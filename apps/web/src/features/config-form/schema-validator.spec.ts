import { describe, expect, test } from '@jest/globals';
import { schemaValidator } from './schema-validator.js';

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object' as const,
  properties: {
    attribute: { type: 'string' as const, enum: ['industry', 'employees'] },
    answer: {
      type: 'object' as const,
      properties: { type: { type: 'string' as const } },
      required: ['type'],
    },
  },
  required: ['attribute'],
  additionalProperties: false,
};

const faults = (data: unknown): (string | undefined)[] =>
  schemaValidator.validateFormData(data, schema).errors.map(({ property }) => property);

describe('the validator of generated forms', () => {
  test('accepts what the schema describes', () => {
    expect(faults({ attribute: 'industry' })).toEqual([]);
  });

  test('names a missing field', () => {
    const { errors, errorSchema } = schemaValidator.validateFormData({}, schema);
    expect(errors.map(({ property, message }) => [property, message])).toEqual([['.attribute', 'is required']]);
    expect(errorSchema).toEqual({ attribute: { __errors: ['is required'] } });
  });

  test('names the innermost place that is wrong', () => {
    expect(faults({ attribute: 'industry', answer: {} })).toEqual(['.answer.type']);
    expect(new Set(faults({ attribute: 'colour' }))).toEqual(new Set(['.attribute']));
  });

  test.each([
    [{ kinds: [] }, '.kinds', 'needs at least 1'],
    [{ kinds: ['news', 'news'] }, '.kinds', 'has one of them twice'],
    [{ days: 0 }, '.days', 'must be at least 1'],
    [{ days: 1.5 }, '.days', 'must be a whole number'],
    [{ days: 4_000 }, '.days', 'must be at most 3650'],
    [{ word: '' }, '.word', 'is required'],
    [{ word: 'too long' }, '.word', 'must have at most 3 characters'],
    [{ word: 'A' }, '.word', 'does not have the form that it must have'],
    [{ map: {} }, '.map', 'needs at least 1'],
    [{ map: { name: '' } }, '.map.name', 'is required'],
    [{ shape: '{ not JSON' }, '.shape', 'must be a JSON object'],
  ])('says of %j what is wrong, once and in plain words', (data, place, message) => {
    const parts = {
      type: 'object' as const,
      properties: {
        kinds: { type: 'array' as const, items: { type: 'string' as const }, minItems: 1, uniqueItems: true },
        days: { type: 'integer' as const, minimum: 1, maximum: 3_650 },
        word: { type: 'string' as const, minLength: 1, maxLength: 3, pattern: '^[a-z ]*$' },
        shape: { type: 'object' as const },
        map: {
          type: 'object' as const,
          minProperties: 1,
          additionalProperties: { type: 'string' as const, minLength: 1 },
        },
      },
      additionalProperties: false,
    };
    const { errors } = schemaValidator.validateFormData(data, parts);
    expect(errors.map((error) => [error.property, error.message])).toEqual([[place, message]]);
  });

  test('judges a part of a schema by the definitions of its root', () => {
    const root = { $defs: { word: { type: 'string' as const } } };
    expect(schemaValidator.isValid({ $ref: '#/$defs/word' }, 'text', root)).toBe(true);
    expect(schemaValidator.isValid({ $ref: '#/$defs/word' }, 7, root)).toBe(false);
  });
});
