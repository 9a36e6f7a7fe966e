import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Case, Expected } from './case.js';
import { FITS } from './case.js';
import type { Judge } from './judge.js';
import type { Operation, Schema } from './operations.js';
import { resolve } from './sample.js';
import type { Schemas, WireRequest } from './sample.js';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
/** Larger than any body may be, once it is unpacked. */
const bomb = gzipSync(Buffer.alloc(20_000_000, 0x20));
const tooMuch = Buffer.alloc(17_000_000, 0x20);

/** Bodies that are no JSON, too much of it, or packed so that they are. */
export function wholeBodyCases(operation: Operation, valid: WireRequest): Case[] {
  if (operation.bodyType !== 'application/json') return operation.bodyType === undefined ? needlessBodies(valid) : [];
  const sending = (body: string | Buffer, headers: Record<string, string> = {}): WireRequest => ({
    ...valid,
    headers: { ...valid.headers, ...headers },
    body,
  });
  const text = String(valid.body);
  const malformed: Expected = { statuses: [400], code: 'malformed_request' };
  const unsupported: Expected = { statuses: [415] };
  const invalid: Expected = { statuses: [422] };
  const { body: _, ...bodiless } = valid;
  return [
    { name: 'a body cut short', request: sending(text.slice(0, -1)), expected: malformed },
    { name: 'a body with a tail', request: sending(`${text}}`), expected: malformed },
    { name: 'a body that is text', request: sending('name=x'), expected: malformed },
    { name: 'bytes', request: sending(Buffer.from([0, 255, 254, 128])), expected: malformed },
    { name: 'null', request: sending('null'), expected: { statuses: [400, 422] } },
    { name: 'a number', request: sending('7'), expected: { statuses: [400, 422] } },
    { name: 'a string', request: sending('"x"'), expected: { statuses: [400, 422] } },
    { name: 'an array', request: sending('[]'), expected: invalid },
    { name: 'no body', request: bodiless, expected: invalid },
    { name: 'an empty body', request: sending(''), expected: { statuses: [400, 422] } },
    {
      name: '__proto__ as a member',
      request: sending(`${text.slice(0, -1)},"__proto__":{"admin":true}}`),
      expected: FITS,
    },
    {
      name: 'a number beyond all',
      request: sending(`${text.slice(0, -1)},"more":1e400}`),
      expected: { statuses: [422] },
    },
    { name: 'nested 5,000 deep', request: sending(`${text.slice(0, -1)},"more":${nested(5_000)}}`), expected: invalid },
    { name: 'nested 500,000 deep', request: sending(nested(500_000)), expected: { statuses: [400, 413, 422] } },
    { name: '17 MB', request: sending(tooMuch), expected: { statuses: [413], code: 'body_too_large' } },
    { name: 'another type', request: sending(text, { 'content-type': 'text/plain' }), expected: unsupported },
    {
      name: 'a form',
      request: sending('name=x', { 'content-type': 'application/x-www-form-urlencoded' }),
      expected: unsupported,
    },
    { name: 'an impossible type', request: sending(text, { 'content-type': 'nonsense' }), expected: unsupported },
    {
      name: 'UTF-16',
      request: sending(Buffer.from(text, 'utf16le'), { 'content-type': 'application/json; charset=utf-16' }),
      expected: { statuses: [200, 201, 202, 204, 400, 409, 415] },
    },
    {
      name: 'a charset of nobody',
      request: sending(text, { 'content-type': 'application/json; charset=klingon' }),
      expected: unsupported,
    },
    {
      name: 'a byte-order mark',
      request: sending(`\ufeff${text}`),
      expected: { statuses: [200, 201, 202, 204, 400, 409] },
    },
    {
      name: 'a gzip bomb',
      request: sending(bomb, { 'content-encoding': 'gzip' }),
      expected: { statuses: [413], code: 'body_too_large' },
    },
    {
      name: 'gzip that is none',
      request: sending(text, { 'content-encoding': 'gzip' }),
      expected: { statuses: [400] },
    },
    {
      name: 'gzip cut short',
      request: sending(gzipSync(text).subarray(0, 12), { 'content-encoding': 'gzip' }),
      expected: { statuses: [400] },
    },
    {
      name: 'brotli that says gzip',
      request: sending(brotliCompressSync(text), { 'content-encoding': 'gzip' }),
      expected: { statuses: [400] },
    },
    {
      name: 'an encoding of nobody',
      request: sending(text, { 'content-encoding': 'nonsense' }),
      expected: unsupported,
    },
  ];
}

/** A route that takes no body is not disturbed by one; one that cannot be read is told so. */
function needlessBodies(valid: WireRequest): Case[] {
  const json = { ...valid.headers, 'content-type': 'application/json' };
  return [
    { name: 'a body that nobody asked for', request: { ...valid, headers: json, body: '{"a":[1]}' }, expected: FITS },
    { name: 'a body that is no JSON', request: { ...valid, headers: json, body: '{' }, expected: FITS },
    { name: 'a body of 17 MB', request: { ...valid, headers: json, body: tooMuch }, expected: FITS },
  ];
}

type Step = string | number;

/** Every place of a value with its path, containers before what is in them. */
function* places(value: unknown, path: readonly Step[] = []): Generator<{ path: readonly Step[]; value: unknown }> {
  yield { path, value };
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    yield* places(member, [...path, Array.isArray(value) ? Number(name) : name]);
  }
}

const REMOVED = Symbol('removed');

/** The value with one place of it replaced, or taken away. */
function replaced(value: unknown, [step, ...rest]: readonly Step[], by: unknown): unknown {
  if (step === undefined) return by;
  const change = (member: unknown): unknown => replaced(member, rest, by);
  if (Array.isArray(value)) {
    return value
      .map((member, index) => (index === step ? change(member) : member))
      .filter((member) => member !== REMOVED);
  }
  const entries = Object.entries(value as object).map(([name, member]) => [
    name,
    name === step ? change(member) : member,
  ]);
  return Object.fromEntries(entries.filter(([, member]) => member !== REMOVED));
}

/**
 * Every object of a body with a member that nobody knows: a typo that is ignored does silently what nobody asked for. Workers
 * are older or newer than the API, so what they send may have more members than it knows.
 */
export function unknownMemberCases(
  { audience, body: schema, bodyType }: Operation,
  valid: WireRequest,
  schemas: Schemas,
): Case[] {
  if (!schema || bodyType !== 'application/json' || audience === 'service') return [];
  const sample: unknown = JSON.parse(String(valid.body));
  return [...places(sample)].flatMap(({ path, value }): Case[] => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    if (isFreeForm(path, schema, schemas)) return [];
    const pointer = [...path, 'identityy'].map((step) => `/${step}`).join('');
    return [
      {
        name: `${pointer} is unknown`,
        request: { ...valid, body: JSON.stringify(replaced(sample, path, { ...value, identityy: {} })) },
        expected: { statuses: [422], code: 'invalid_request', pointer, names: 'identityy' },
      },
    ];
  });
}

/** Whether members of any name belong into the object at that place of a body. */
function isFreeForm([step, ...rest]: readonly Step[], given: Schema, schemas: Schemas): boolean {
  const schema = resolve(given, schemas);
  if (step === undefined) return schema.properties === undefined && schema.oneOf === undefined;
  const member = typeof step === 'number' ? schema.items : schema.properties?.[step];
  return member === undefined || isFreeForm(rest, member, schemas);
}

/** What somebody may write where something else belongs. */
const WRONG_VALUES: readonly (readonly [string, unknown])[] = [
  ['nothing', REMOVED],
  ['null', null],
  ['true', true],
  ['0', 0],
  ['-1', -1],
  ['a fraction', 1.5],
  ['2^31', 2 ** 31],
  ['2^53', 2 ** 53],
  ['1e308', 1e308],
  ['an empty text', ''],
  ['blanks', '   '],
  ['a text', 'nonsense'],
  ['a digit', '1'],
  ['an id of nothing', 'col_01ARZ3NDEKTSV4RRFFQ69G5FAV'],
  ['65 characters', 'x'.repeat(65)],
  ['201 characters', 'x'.repeat(201)],
  ['70,000 characters', 'x'.repeat(70_000)],
  ['a NUL', 'a\u0000b'],
  ['half a surrogate pair', 'a\ud800b'],
  ['right to left', '\u202eevil'],
  ['emoji', '\u{1F469}\u200D\u{1F680}'],
  ['quoting SQL', `'; drop table list; --`],
  ['a format', '%s %n {0} ${7*7}'],
  ['an empty array', []],
  ['an array', ['nonsense']],
  ['1,001 things', Array(1_001).fill('nonsense')],
  ['10,001 things', Array(10_001).fill('nonsense')],
  ['an empty object', {}],
  ['an object', { nonsense: 1 }],
  ['an object of a NUL', { 'a\u0000': 1 }],
  ['an object that says __proto__', JSON.parse('{"__proto__":{"x":1},"constructor":1,"toString":2}')],
  ['300 members', Object.fromEntries(Array.from({ length: 300 }, (_, no) => [`m${no}`, no]))],
  ['nested 70 deep', JSON.parse(nested(70))],
];

/** Every field of a body, holding what it should not. */
export function fieldCases(
  operation: Operation,
  valid: WireRequest,
  { judge, foreign }: { readonly judge: Judge; readonly foreign: Readonly<Record<string, string>> },
): Case[] {
  const { body: schema, bodyType } = operation;
  if (!schema || bodyType !== 'application/json') return [];
  const sample: unknown = JSON.parse(String(valid.body));
  const theirs = Object.entries(foreign).map(([name, id]) => [`the ${name} of another workspace`, id] as const);
  const manyOf = (value: unknown): (readonly [string, unknown])[] =>
    Array.isArray(value) ? [['1,001 of them', Array(1_001).fill(value[0])]] : [];
  return [...places(sample)].flatMap(({ path, value }): Case[] => {
    const pointer = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return [...WRONG_VALUES, ...manyOf(value), ...(typeof value === 'string' ? theirs : [])].flatMap(
      ([name, wrong]): Case[] => {
        if (path.length === 0 && wrong === REMOVED) return [];
        const body = replaced(sample, path, wrong);
        const fits = judge.allows(schema, JSON.parse(JSON.stringify(body)));
        return [
          {
            name: `${pointer || 'the body'} is ${name}`,
            request: { ...valid, body: JSON.stringify(body) },
            expected: fits ? FITS : { statuses: path.length === 0 ? [400, 422] : [422], pointer },
          },
        ];
      },
    );
  });
}
