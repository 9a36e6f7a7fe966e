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

  test('judges a part of a schema by the definitions of its root', () => {
    const root = { $defs: { word: { type: 'string' as const } } };
    expect(schemaValidator.isValid({ $ref: '#/$defs/word' }, 'text', root)).toBe(true);
    expect(schemaValidator.isValid({ $ref: '#/$defs/word' }, 7, root)).toBe(false);
  });
});
