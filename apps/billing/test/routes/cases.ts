import { SERVICE_KEY } from '../support/billing-server.js';
import type { Field, Fields, Route } from './routes.js';
import { line, LINE } from './routes.js';

/** A request that somebody sends by mistake or malice, and what must be answered. */
export interface Case {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** None: it is accepted, or refused for a reason of the books. */
  readonly status?: number;
  readonly code?: string;
  /** Where a 422 complains. */
  readonly pointer?: string;
}

/** Left out of a body. */
const ABSENT = Symbol('absent');
/** JSON texts that no JavaScript value writes. */
const RAW = (json: string): { readonly raw: string } => ({ raw: json });
type Value = unknown;

const LONE_SURROGATES = ['\ud800', 'a\udc00b'];

/** Values that a field refuses. */
function refusedValues(field: Field): [name: string, value: Value][] {
  const wrongTypes: [string, Value][] = [
    ['null', null],
    ['an object', {}],
    ['an array', []],
    ['true', true],
  ];
  const absent: [string, Value][] = 'optional' in field && field.optional === true ? [] : [['absent', ABSENT]];
  if (field.type === 'lines') {
    const twice = line();
    return [
      ...absent,
      ['null', null],
      ['an object', {}],
      ['a text', 'lines'],
      ['empty', []],
      ['a number in it', [1]],
      ['null in it', [null]],
      ['one line twice', [twice, twice]],
      ['10,001 of them', Array.from({ length: 10_001 }, line)],
    ];
  }
  if (field.type === 'integer') {
    return [
      ...absent,
      ...wrongTypes,
      ['a text', '5'],
      ['half', field.min + 0.5],
      ['too small', field.min - 1],
      ['negative', -5],
      ['too large', field.max + 1],
      ['2^53', 2 ** 53],
      ['1e308', 1e308],
      ['1e400', RAW('1e400')],
      ['-1e400', RAW('-1e400')],
    ];
  }
  const max = field.type === 'text' ? (field.max ?? 200) : 200;
  return [
    ...absent,
    ...wrongTypes,
    ...(field.type === 'text' && field.mayBeEmpty === true ? [] : ([['empty', '']] as [string, Value][])),
    ['half a number', 0.5],
    ['1e400', RAW('1e400')],
    ['too long', 'x'.repeat(max + 1)],
    ['100,000 characters', 'x'.repeat(100_000)],
    ['NUL', 'a\u0000b'],
    ...LONE_SURROGATES.map((value): [string, Value] => [`half a surrogate pair, ${JSON.stringify(value)}`, value]),
  ];
}

function jsonOf(members: Readonly<Record<string, Value>>): string {
  const parts = Object.entries(members).flatMap(([name, value]) => {
    if (value === ABSENT) return [];
    const raw = typeof value === 'object' && value !== null && 'raw' in value ? String(value.raw) : undefined;
    return [`${JSON.stringify(name)}:${raw ?? JSON.stringify(value)}`];
  });
  return `{${parts.join(',')}}`;
}

/** Bodies with one field that is wrong. */
function fieldCases(fields: Fields, valid: () => Record<string, unknown>): Case[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    refusedValues(field).map(([what, value]) => ({
      name: `${name}: ${what}`,
      body: jsonOf({ ...valid(), [name]: value }),
      status: 422,
      code: 'invalid_request',
      pointer: `/${escaped(name)}`,
    })),
  );
}

const escaped = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1');

/** Wrong bodies, and odd ones that are as good as others. */
export function bodyCases({ body, valid }: Route): Case[] {
  if (!body || !valid) return [];
  const sample = valid as () => Record<string, unknown>;
  const required = Object.values(body).some((field) => !('optional' in field && field.optional === true));
  const good = (): string => JSON.stringify(sample());
  const odd = (name: string, extra: string): Case => ({
    name,
    body: `${good().slice(0, -1)}${required ? ',' : ''}${extra}}`,
  });
  const malformed = ['{', '{"a":}', 'nonsense', '"text"', '1', 'null', '{"a":1}{', '\u0000'];
  const typed = (type: string): Case => ({
    name: `sent as ${type}`,
    headers: { 'Content-Type': type },
    body: good(),
    status: 415,
    code: 'unsupported_media_type',
  });
  return [
    ...fieldCases(body, sample),
    ...lineCases(body),
    ...malformed.map((text) => ({ name: `the body ${text}`, body: text, status: 400, code: 'malformed_body' })),
    { name: 'an array as body', body: '[]', status: 422, code: 'invalid_request', pointer: '' },
    { name: 'a body of 11 MB', body: `{"x":"${'x'.repeat(11_000_000)}"}`, status: 413, code: 'body_too_large' },
    ...['text/plain', 'application/x-www-form-urlencoded', 'text/csv', 'nonsense'].map(typed),
    { ...typed('application/json; charset=koi8-r'), code: 'unsupported_encoding' },
    {
      name: 'an unknown encoding',
      headers: { 'Content-Encoding': 'nonsense' },
      body: good(),
      status: 415,
      code: 'unsupported_encoding',
    },
    {
      name: 'an encoding that it does not have',
      headers: { 'Content-Encoding': 'gzip' },
      body: good(),
      status: 400,
      code: 'malformed_body',
    },
    odd('a member that nobody knows', '"nonsense":1'),
    odd('a prototype', '"__proto__":{"amount":5},"constructor":{"prototype":1}'),
    odd('a deep member', `"deep":${'['.repeat(50_000)}${']'.repeat(50_000)}`),
  ];
}

/** Lines of a capture with one member that is wrong. */
function lineCases(body: Fields): Case[] {
  if (!('lines' in body)) return [];
  const inLines = (given: Case): Case => ({
    ...given,
    name: `lines/1/${given.name}`,
    body: `{"lines":[${JSON.stringify(line())},${String(given.body)}]}`,
    pointer: `/lines/1${given.pointer ?? ''}`,
  });
  const named = (what: string, name: string): Case => ({
    name: `a member whose name is ${what}`,
    body: `{"lines":[${jsonOf({ ...line() }).slice(0, -1)},${JSON.stringify(name)}:"x"}]}`,
    status: 422,
    code: 'invalid_request',
    pointer: '/lines/0',
  });
  return [
    ...fieldCases(LINE, line).map(inLines),
    named('a NUL', 'a\u0000'),
    named('half a surrogate pair', '\ud800'),
    named('too long', 'x'.repeat(201)),
  ];
}

const CURSORS = [
  'nonsense',
  '-1',
  '1e9',
  '%00',
  '%ED%A0%80',
  '',
  '%F0%9F%98%80',
  'x'.repeat(300),
  'hold_1',
  "'%20or%201=1--",
];

/** Queries with one parameter that is wrong. */
export function queryCases({ query = {} }: Route): Case[] {
  const good = new Map<string, string>();
  if (query['reference']) good.set('reference', 'reference');
  if (query['state']) good.set('state', 'open');
  const asking = (name: string, text: string | undefined): string =>
    [...new Map([...good, [name, text]])]
      .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
      .join('&');
  return [
    ...Object.entries(query).flatMap(([name, field]): Case[] => {
      const wrong = { status: 422, code: 'invalid_request', pointer: `/${name}` };
      const texts =
        field.type === 'integer'
          ? [String(field.min - 1), String(field.max + 1), '1.5', 'x', '1e400', 'NaN', '%00', '9'.repeat(300)]
          : field.type === 'pattern'
            ? CURSORS
            : ['', '%00', 'x'.repeat(201)];
      return [
        ...texts.map((text) => ({ name: `${name}=${text.slice(0, 20)}`, query: asking(name, text), ...wrong })),
        { name: `${name} twice`, query: `${asking(name, '1')}&${name}=2`, ...wrong },
        { name: `${name}[a]`, query: `${asking(name, '1')}&${name}[a]=1` },
        ...(good.has(name) ? [{ name: `no ${name}`, query: asking(name, undefined), ...wrong }] : []),
      ];
    }),
    { name: 'a parameter that nobody knows', query: asking('nonsense', '%ff&__proto__[x]=1') },
  ];
}

/** Keys that open nothing. */
export function keyCases(): Case[] {
  const keys = [
    '',
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    `Basic ${SERVICE_KEY}`,
    SERVICE_KEY,
    `Bearer ${SERVICE_KEY} x`,
  ];
  return [...keys, `Bearer ${SERVICE_KEY}x`, `Bearer ${'x'.repeat(4_000)}`, `Bearer k\u00fc`].map((Authorization) => ({
    name: `the key ${Authorization.slice(0, 40)}`,
    headers: { Authorization },
    status: 401,
    code: 'unauthorized',
  }));
}

/** Addresses with an id that nobody has, or with what can be none. */
export function pathCases(path: string, good: Readonly<Record<string, string>>, { unknown }: Route): Case[] {
  const fill = (wrong: string, text: string): string =>
    path.replaceAll(/:(\w+)/g, (_, name: string) => (name === wrong ? text : (good[name] ?? '')));
  return [...path.matchAll(/:(\w+)/g)].flatMap(([, name = '']): Case[] => {
    const refused = { status: 422, code: 'invalid_request', pointer: `/${name}` };
    const nobodys = name === 'reference' || unknown === undefined ? {} : { status: 404, code: unknown };
    return [
      ...['nobody', '%20', "'%20or%201=1--", '__proto__', '%F0%9F%98%80', 'x'.repeat(190)].map((text) => ({
        name: `${name} ${text.slice(0, 20)}`,
        // A grant to an account opens it.
        path: fill(name, unknown === undefined ? `new-${text}` : text),
        ...nobodys,
      })),
      ...['a%00b', 'x'.repeat(201), 'x'.repeat(9_000)].map((text) => ({
        name: `${name} ${text.slice(0, 20)}`,
        path: fill(name, text),
        ...refused,
      })),
      ...['%ff', '%', '%ED%A0%80'].map((text) => ({
        name: `${name} ${text}`,
        path: fill(name, text),
        status: 400,
        code: 'malformed_address',
      })),
    ];
  });
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Methods that the address does not know. */
export const methodCases = (path: string, routes: readonly string[]): Case[] =>
  METHODS.filter((method) => !routes.includes(`${method} ${path}`)).map((method) => ({
    name: `${method} ${path}`,
    method,
    status: 404,
    code: 'not_found',
  }));
