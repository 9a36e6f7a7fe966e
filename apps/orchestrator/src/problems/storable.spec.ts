import { describe, expect, test } from '@jest/globals';
import { unstorable } from './storable.js';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('a request', () => {
  test.each([
    ['a NUL', { a: [{ 'b/c': 'x\u0000' }] }, '/a/0/b~1c', 'must not contain a NUL character'],
    ['half a surrogate pair', { a: '\ud800' }, '/a', 'must be well-formed Unicode'],
    ['a name with a NUL', { a: { 'b\u0000': 1 } }, '/a', 'has a member whose name must not contain a NUL character'],
    ['a number beyond all', JSON.parse('{"a":{"b":1e400}}'), '/a/b', 'must not be a number too large to store'],
    ['a member __proto__', JSON.parse('{"a":{"__proto__":1}}'), '/a', 'must not have a member named __proto__'],
    ['65 levels', nested(65), '', 'must not be nested deeper than 64 levels'],
    ['a NUL alone', '\u0000', '', 'must not contain a NUL character'],
  ])('with %s is refused, and the place is named', (_, value, pointer, detail) => {
    expect(unstorable(value)).toEqual([{ pointer, detail }]);
  });

  test.each([
    [undefined],
    [null],
    ['emoji \u{1F469}\u200D\u{1F680}, \u202e and \uffff'],
    [{ constructor: 1, prototype: 2, toString: 3, '': 4 }],
    [nested(64)],
    [-0.5],
  ])('of what can be stored is taken: %j', (value) => {
    expect(unstorable(value)).toEqual([]);
  });
});
