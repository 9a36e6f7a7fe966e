import { expect, test } from '@jest/globals';
import { offeredSchema } from './offered-schema.js';

const city = { type: 'string' as const, enum: ['city', 'email'], 'x-uno-choices': { company: ['city'] } };
const depth = { type: 'integer' as const };
const schema = { type: 'object' as const, properties: { attribute: city, depth }, required: ['attribute'] };

test('a form offers what the service has for the entity type of the list', () => {
  expect(offeredSchema(schema, 'company')).toEqual({
    ...schema,
    properties: { attribute: { ...city, enum: ['city'] }, depth },
  });
});

test('a form offers all choices where the service does not narrow them', () => {
  expect(offeredSchema(schema, 'contact')).toEqual(schema);
  expect(offeredSchema({ type: 'object' }, 'company')).toEqual({ type: 'object' });
});
