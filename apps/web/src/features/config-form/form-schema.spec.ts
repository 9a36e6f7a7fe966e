import { describe, expect, test } from '@jest/globals';
import type { RJSFSchema } from '@rjsf/utils';
import { fitting, formSchema } from './form-schema.js';
import { formLayout } from './form-layout.js';

const attribute = { type: 'string' as const, enum: ['city', 'email'], 'x-uno-choices': { company: ['city', 'size'] } };
const kinds = {
  type: 'array' as const,
  items: { type: 'string' as const, enum: ['news', 'job_change'] },
  'x-uno-choices': { company: ['news'] },
};
const variant = (type: string, more: RJSFSchema = {}): RJSFSchema => ({
  type: 'object',
  ...more,
  properties: { type: { type: 'string', const: type }, ...more.properties },
  required: ['type', ...Object.keys(more.properties ?? {})],
  additionalProperties: false,
});
const answer: RJSFSchema = {
  title: 'Answer',
  oneOf: [
    variant('text'),
    variant('one_of', { title: 'One of some', properties: { options: { type: 'array', items: { type: 'string' } } } }),
  ],
};
const mode = { type: 'string' as const, enum: ['direct', 'batch'], default: 'direct', 'x-uno-ends-stage': 'batch' };
const approval = { type: 'boolean' as const, default: false, 'x-uno-ends-stage': true };
const schema: RJSFSchema = {
  type: 'object',
  properties: {
    attribute,
    kinds,
    answer,
    mode,
    approval,
    freely: { $ref: '#/$defs/anything' },
  },
  required: ['attribute', 'kinds', 'answer', 'mode'],
  $defs: { anything: { anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#/$defs/anything' } }] } },
};
const formOf = (config: unknown, entityType: 'company' | 'contact' = 'company') =>
  formSchema(schema, entityType, config).properties as Record<string, RJSFSchema>;

describe('the schema of a form', () => {
  test('offers what the service has for the entity type of the list, and all where it does not say', () => {
    expect(formOf({})['attribute']?.enum).toEqual(['city', 'size']);
    expect(formOf({}, 'contact')['attribute']?.enum).toEqual(['city', 'email']);
    expect(formOf({})['kinds']?.items).toMatchObject({ enum: ['news'] });
    expect(formOf({}, 'contact')['kinds']?.items).toMatchObject({ enum: ['news', 'job_change'] });
    expect(formLayout(formSchema(schema, 'company', {}))['kinds']).toMatchObject({ 'ui:widget': 'checkboxes' });
  });

  test('has its properties in the order of the required ones, the others after them', () => {
    expect(Object.keys(formOf({}))).toEqual(['attribute', 'kinds', 'answer', 'mode', 'freely']);
    const shuffled = { type: 'object' as const, properties: { a: {}, bb: {}, ccc: {} }, required: ['ccc', 'bb'] };
    expect(Object.keys(formSchema(shuffled, 'company', {}).properties ?? {})).toEqual(['ccc', 'bb', 'a']);
  });

  test('asks each value of a list of choices once', () => {
    expect(formOf({})['kinds']?.uniqueItems).toBe(true);
  });

  test('has of a union the variant that the config names, else the first', () => {
    const names = (config: unknown): string[] => Object.keys(formOf(config)['answer']?.properties ?? {});
    expect(names({})).toEqual(['type']);
    expect(names({ answer: { type: 'one_of' } })).toEqual(['type', 'options']);
    expect(names({ answer: { type: 'no such thing' } })).toEqual(['type']);
  });

  test('turns the constant of a union into a choice between its variants, by their titles', () => {
    const form = formSchema(schema, 'company', {});
    expect(formOf({})['answer']?.properties?.['type']).toMatchObject({ enum: ['text', 'one_of'], default: 'text' });
    expect(formLayout(form)['answer']).toMatchObject({
      'ui:title': 'Answer',
      type: { 'ui:enumNames': ['Text', 'One of some'] },
    });
  });

  test('does not offer what ends a stage: a required single value is fixed, another one is not asked for', () => {
    expect(formOf({})['mode']).toMatchObject({ const: 'direct', default: 'direct' });
    expect(formOf({})).not.toHaveProperty('approval');
    expect(formLayout(formSchema(schema, 'company', {}))['mode']).toMatchObject({ 'ui:widget': 'hidden' });
  });

  test('leaves what has no form of its own to be typed as JSON', () => {
    expect(formOf({})['freely']).not.toHaveProperty('anyOf');
    expect(formLayout(formSchema(schema, 'company', {}))['freely']).toMatchObject({ 'ui:field': 'json' });
  });
});

test('a config keeps nothing of a variant that is no longer chosen', () => {
  const config = { attribute: 'city', answer: { type: 'text', options: ['a'] }, mode: undefined };
  expect(fitting(formSchema(schema, 'company', config), config)).toEqual({
    attribute: 'city',
    answer: { type: 'text' },
  });
});
