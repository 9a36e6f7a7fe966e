import { describe, expect, test } from '@jest/globals';
import type { AiAnswer } from '@uno/ai-contract';
import { cellResult, MAX_VALUE_BYTES } from '@uno/workflow-contracts';
import fc from 'fast-check';
import { answerFormat, type Reading } from './answer-format.js';

const PERSON = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: ['integer', 'null'] } },
  required: ['name', 'age'],
  additionalProperties: false,
};
const ANSWERS: readonly AiAnswer[] = [
  { type: 'text' },
  { type: 'number' },
  { type: 'yes_no' },
  { type: 'one_of', options: ['small', 'large'] },
  { type: 'json', schema: PERSON },
  { type: 'json', schema: { type: 'array', items: { type: 'string' } } },
  { type: 'json', schema: {} },
];

function formatOf(answer: AiAnswer) {
  const format = answerFormat(answer);
  if (format === undefined) throw new Error('the schema was not taken');
  return format;
}

const readAs = (answer: AiAnswer, content: string): Reading => formatOf(answer).read(content);
const json = (schema: Record<string, unknown>): AiAnswer => ({ type: 'json', schema });

describe('the form of an answer', () => {
  test('is asked for as an object that holds the value, strictly', () => {
    const asked = (answer: AiAnswer) => formatOf(answer).schema;
    for (const [answer, value] of [
      [{ type: 'text' }, { type: 'string' }],
      [{ type: 'number' }, { type: 'number' }],
      [{ type: 'yes_no' }, { type: 'boolean' }],
      [
        { type: 'one_of', options: ['a', 'b'] },
        { type: 'string', enum: ['a', 'b'] },
      ],
    ] as const satisfies readonly (readonly [AiAnswer, object])[]) {
      const properties = { answer: value };
      const schema = { type: 'object', properties, required: ['answer'], additionalProperties: false };
      expect(asked(answer)).toEqual({ strict: true, schema });
    }
  });

  test('is the schema of the user where that is an object, without its name and dialect', () => {
    const named = { ...PERSON, $schema: 'http://json-schema.org/draft-07/schema#', $id: 'https://a.example/person' };
    expect(formatOf(json(named)).schema).toEqual({ strict: true, schema: PERSON });
  });

  test('holds any other schema of the user with its definitions where references find them', () => {
    const list = { type: 'array', items: { $ref: '#/$defs/person' }, $defs: { person: PERSON } };
    const { schema, read } = formatOf(json(list));
    expect(schema).toMatchObject({ strict: true, schema: { type: 'object', $defs: { person: PERSON } } });
    expect(read('{"answer":[{"name":"Ann","age":7}]}')).toMatchObject({ outcome: 'value' });
    expect(read('{"answer":[{"name":7,"age":7}]}')).toMatchObject({ outcome: 'unfit' });
  });

  test.each([
    ['a property that may be left out', { ...PERSON, required: ['name'] }],
    ['further properties', { ...PERSON, additionalProperties: true }],
    ['a keyword that strict mode does not have', { ...PERSON, properties: { name: { type: 'string', minLength: 1 } } }],
    ['a format that strict mode does not have', { type: 'string', format: 'uri' }],
    ['a place where anything may stand', { type: 'array', items: {} }],
    ['a list of anything', { type: 'array' }],
    [
      'a reference to its own root inside our object',
      { anyOf: [{ type: 'null' }, { type: 'array', items: { $ref: '#' } }] },
    ],
    ['too many levels', JSON.parse('{"type":"array","items":'.repeat(11) + '{"type":"string"}' + '}'.repeat(11))],
  ])('is only wished for where the schema has %s', (_, schema: Record<string, unknown>) => {
    expect(formatOf(json(schema)).schema.strict).toBe(false);
  });

  test.each([
    ['of no known type', { type: 'image' }],
    ['that refers to another document', { $ref: 'https://a.example/schema' }],
    ['that promises its answer for later', { $async: true, type: 'string' }],
    ['of many thousand words', { description: 'x'.repeat(40_000) }],
  ])('is not there for a schema %s', (_, schema: Record<string, unknown>) => {
    expect(answerFormat(json(schema))).toBeUndefined();
  });

  test('costs no more than its length where the schema refers to one part again and again', () => {
    const anyOf = Array.from({ length: 700 }, () => ({ type: 'string' }));
    const allOf = Array.from({ length: 700 }, () => ({ $ref: '#/$defs/a' }));
    expect(answerFormat(json({ $defs: { a: { anyOf } }, allOf }))).toBeDefined();
  });

  test('stops a check that would keep everybody else waiting', () => {
    const twice = (name: string): object => ({ allOf: [{ $ref: `#/$defs/${name}` }, { $ref: `#/$defs/${name}` }] });
    const levels = Array.from({ length: 60 }, (_, level) => [`a${level + 1}`, twice(`a${level}`)] as const);
    const format = formatOf(
      json({ $defs: { a0: { type: 'string' }, ...Object.fromEntries(levels) }, ...twice('a60') }),
    );
    expect(format.read('{"answer":"short"}')).toMatchObject({
      outcome: 'unfit',
      fault: expect.stringMatching(/involved/),
    });
  });
});

describe('an answer', () => {
  test.each<[AiAnswer, string, unknown]>([
    [{ type: 'text' }, '{"answer":" A line. "}', 'A line.'],
    [{ type: 'number' }, '{"answer":-1.5e3}', -1500],
    [{ type: 'yes_no' }, '{"answer":false}', false],
    [{ type: 'one_of', options: ['a', 'b'] }, '{"answer":"b"}', 'b'],
    [json(PERSON), '{"name":"Ann","age":null}', { name: 'Ann', age: null }],
  ])('of %j, %j, is the value %j', (answer, content, value) => {
    expect(readAs(answer, content)).toEqual({ outcome: 'value', value });
  });

  test.each<[AiAnswer, string]>([
    [{ type: 'text' }, '{"answer":"  "}'],
    [json({ type: ['string', 'null'] }), '{"answer":null}'],
  ])('of %j that says nothing, %j, is none', (answer, content) => {
    expect(readAs(answer, content)).toEqual({ outcome: 'none' });
  });

  test.each<[AiAnswer, string, RegExp]>([
    [{ type: 'text' }, 'Sure! Here it is', /not the JSON/],
    [{ type: 'text' }, '"A line."', /missing/],
    [{ type: 'text' }, 'null', /missing/],
    [{ type: 'text' }, '{"answer":7}', /must be string/],
    [{ type: 'text' }, '{"answer":"a\\u0000b"}', /cannot be stored/],
    [{ type: 'text' }, '{"answer":"\\ud800"}', /cannot be stored/],
    [{ type: 'text' }, JSON.stringify({ answer: 'x'.repeat(MAX_VALUE_BYTES) }), /too long/],
    [{ type: 'number' }, '{"answer":"412"}', /must be number/],
    [{ type: 'number' }, '{"answer":1e999}', /must be number/],
    [{ type: 'yes_no' }, '{"answer":"yes"}', /must be boolean/],
    [{ type: 'one_of', options: ['a', 'b'] }, '{"answer":"c"}', /must be equal to one of/],
    [json(PERSON), '{"name":"Ann"}', /must have required property 'age'/],
    [json({}), '{"answer":[1e999]}', /cannot be stored/],
    [json({}), `{"answer":${'['.repeat(200)}${']'.repeat(200)}}`, /cannot be stored/],
    [json({}), `{"answer":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, /the answer/],
  ])('of %j that does not fit is told apart, case %#', (answer, content, fault) => {
    expect(readAs(answer, content)).toEqual({ outcome: 'unfit', fault: expect.stringMatching(fault) });
  });

  test('is not held against a pattern that would take this process a lifetime', () => {
    const name = { type: 'string', pattern: '^(a+)+$' };
    const schema = { type: 'object', properties: { name }, patternProperties: { '^(a+)+$': {} } };
    const content = JSON.stringify({ name: `${'a'.repeat(60)}!`, [`${'a'.repeat(60)}!`]: 1 });
    expect(readAs(json(schema), content)).toMatchObject({ outcome: 'value' });
  });

  test('whatever it is, gives a value that a cell can hold or none', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((answer) => JSON.stringify({ answer })),
    );
    fc.assert(
      fc.property(fc.constantFrom(...ANSWERS.map(formatOf)), anything, ({ read }, content) => {
        const reading = read(content);
        if (reading.outcome !== 'value') return;
        const cell = { rowId: 'r', columnId: 'c', status: 'filled', value: reading.value };
        expect(cellResult.safeParse(cell).success).toBe(true);
      }),
    );
  });
});
