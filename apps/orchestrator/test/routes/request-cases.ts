import type { Case } from './case.js';
import { FITS } from './case.js';
import type { Audience, Operation } from './operations.js';
import { pathOf } from './sample.js';
import type { WireRequest } from './sample.js';
import type { Values, World } from './world.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];

/** Who calls: without a key, with one that is none, with the key of somebody else. */
export function keyCases(operation: Operation, valid: WireRequest, keys: Readonly<Record<Audience, string>>): Case[] {
  const own = keys[operation.audience];
  const others = (Object.keys(keys) as Audience[]).filter((audience) => audience !== operation.audience);
  const headers: [string, string | readonly string[] | undefined][] = [
    ['no key', undefined],
    ['an empty key', ''],
    ['only a scheme', 'Bearer'],
    ['a scheme and blanks', 'Bearer   '],
    ['an unknown key', 'Bearer uno_nonsense'],
    ['a key without its scheme', own],
    ['another scheme', `Basic ${Buffer.from(`x:${own}`).toString('base64')}`],
    ['a key with a tail', `Bearer ${own} x`],
    ['a key cut short', `Bearer ${own.slice(0, -1)}`],
    ['a key of 600 characters', `Bearer ${'k'.repeat(600)}`],
    ['a key with characters of Latin-1', 'Bearer caf\u00e9'],
    ['quoting SQL', `Bearer ' or '1'='1`],
    ...others.map((audience): [string, string] => [`the key of the ${audience}`, `Bearer ${keys[audience]}`]),
  ];
  return headers.map(([name, authorization]) => {
    const { authorization: _, ...rest } = valid.headers;
    return {
      name,
      request: { ...valid, headers: { ...rest, ...(authorization !== undefined && { authorization }) } },
      expected: { statuses: [401], code: 'unauthorized' },
    };
  });
}

/** Nothing has such an id. */
const IMPOSSIBLE_IDS = [
  '%00',
  '%20',
  '..',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  "'%20or%20'1'='1",
  '%F0%9F%98%80',
  '%E2%80%AE',
  '%25',
  '-1',
  '1e9',
  'null',
  '__proto__',
  '%7B%22a%22%3A1%7D',
  '*',
  'x'.repeat(81),
  'x'.repeat(10_000),
];
const UNREADABLE_IDS = ['%', '%ff', '%E0%80', '%zz'];

/** What is addressed: ids of nothing, ids that are none, ids of another workspace. */
export function addressCases(operation: Operation, valid: WireRequest, world: World, values: Values): Case[] {
  const query = valid.path.includes('?') ? valid.path.slice(valid.path.indexOf('?')) : '';
  const names = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  const at = (name: string, id: unknown): WireRequest => ({
    ...valid,
    path: pathOf(operation, { ...values, [name]: id }) + query,
  });
  const guarded = operation.audience === 'workspace';
  return names.flatMap((name): Case[] => {
    const { [name]: foreign } = world.foreign;
    const unknown = typeof values[name] === 'string' ? `${String(values[name]).slice(0, -4)}ZZZZ` : 1_999_999_999;
    return [
      { name: `an unknown ${name}`, request: at(name, unknown), expected: guarded ? { statuses: [404] } : FITS },
      ...(foreign !== undefined && guarded
        ? [
            {
              name: `the ${name} of another workspace`,
              request: at(name, foreign),
              expected: { statuses: [404], code: 'not_found' },
            },
          ]
        : []),
      ...IMPOSSIBLE_IDS.map((id) => ({
        name: `${name} ${id.slice(0, 40)}`,
        request: at(name, id),
        // An address that a client shortens may be another route.
        expected: id === '..' ? FITS : guarded ? { statuses: [404] } : FITS,
      })),
      ...UNREADABLE_IDS.map((id) => ({
        name: `${name} ${id}`,
        request: at(name, id),
        expected: { statuses: [400], code: 'malformed_address' },
      })),
    ];
  });
}

const QUERY_TEXTS = [
  '',
  '-1',
  '0',
  '1e9',
  '1.5',
  '99999999999999999999',
  'NaN',
  'Infinity',
  'text',
  '%00',
  '%20',
  '%ff',
];
const QUERY_TEXTS_MORE = ['%F0%9F%98%80', '%7B%22a%22%3A1%7D', '__proto__', "'%20or%201=1--", 'x'.repeat(5_000)];

/** What is asked for in the query: impossible, twice, in brackets, or what nobody knows. */
export function queryCases(operation: Operation, valid: WireRequest, judge: Allows): Case[] {
  const [path = '', query = ''] = valid.path.split('?');
  const given = new Map(query.split('&').map((pair) => pair.split('=') as [string, string]));
  given.delete('');
  const asking = (pairs: readonly string[]): WireRequest => ({ ...valid, path: `${path}?${pairs.join('&')}` });
  const rest = (name: string): string[] => [...given].filter(([other]) => other !== name).map((pair) => pair.join('='));
  const known = operation.parameters.filter((parameter) => parameter.in === 'query');
  const accepted = { statuses: [200, 201, 202, 204, 409] };
  return [
    ...known.flatMap(({ name, schema, required = false }): Case[] => [
      ...[...QUERY_TEXTS, ...QUERY_TEXTS_MORE].map((text) => ({
        name: `${name}=${text.slice(0, 30)}`,
        request: asking([...rest(name), `${name}=${text}`]),
        expected: refusesText(schema, text, judge) ? { statuses: [422], pointer: `/${name}` } : FITS,
      })),
      {
        name: `${name} twice`,
        request: asking([...rest(name), `${name}=1`, `${name}=2`]),
        expected: { statuses: [422] },
      },
      { name: `${name}[]`, request: asking([...rest(name), `${name}[a]=1`]), expected: FITS },
      ...(required
        ? [{ name: `no ${name}`, request: asking(rest(name)), expected: { statuses: [422], pointer: `/${name}` } }]
        : []),
      ...(name === 'cursor' ? [{ ...cursorOfNobody(asking), name: 'a cursor that no page gave' }] : []),
    ]),
    {
      name: 'an unknown parameter',
      request: asking([...rest(''), 'nonsense=1', '__proto__[x]=1']),
      expected: accepted,
    },
    { name: 'a thousand parameters', request: asking([...rest(''), ...Array(1_000).fill('a=1')]), expected: accepted },
  ];
}

const cursorOfNobody = (asking: (pairs: readonly string[]) => WireRequest): Omit<Case, 'name'> => ({
  request: asking(['cursor=nonsense']),
  expected: { statuses: [422], pointer: '/cursor' },
});

interface Allows {
  allows(schema: Operation['parameters'][number]['schema'], value: unknown): boolean;
}

function refusesText(schema: Operation['parameters'][number]['schema'], text: string, judge: Allows): boolean {
  // What is blank counts as zero, as it does in every form.
  if (['%ff', '', '%20'].includes(text)) return false;
  const value = decodeURIComponent(text);
  const numeric = [schema.type].flat().some((type) => type === 'integer' || type === 'number');
  return !judge.allows(schema, numeric && value.trim() !== '' ? Number(value) : value);
}

/** Methods that the address does not know. */
export function methodCases(path: string, known: readonly string[], valid: WireRequest): Case[] {
  const { body: _, ...request } = valid;
  return METHODS.filter((method) => !known.includes(method)).map((method) => ({
    name: `${method} ${path}`,
    request: { ...request, method },
    expected: { statuses: [404, 405] },
  }));
}
