import { describe, expect, test } from '@jest/globals';
import { ProviderError } from '@uno/worker-kit';
import fc from 'fast-check';
import type { RecordRead, RecordWrite } from './crm-provider.js';
import { readReadReply, readWriteReply } from './hubspot.reply.js';

const record = (domain: string, id = '7', more: object = {}) => ({ id, properties: { domain, name: 'Acme' }, ...more });
const failed = (category: string, context: object) => ({ status: 'error', category, message: 'canary', context });

const read = (reply: unknown, values = ['acme.com', 'globex.com']): readonly RecordRead[] =>
  readReadReply(reply, 'domain', values);
const written = (reply: unknown): readonly RecordWrite[] =>
  readWriteReply(
    reply,
    [
      { id: 'acme.com', key: 'k1' },
      { id: 'globex.com', key: 'k2' },
    ],
    { idProperty: 'domain' },
  );

describe('a reply to a batch read', () => {
  test('is joined by the property that was asked by, in whatever order and form it comes', () => {
    const errors = [failed('OBJECT_NOT_FOUND', { ids: ['Globex.com'] })];
    expect(read({ results: [record('Acme.com')], errors })).toEqual([
      { outcome: 'found', recordId: '7', properties: { domain: 'Acme.com', name: 'Acme' } },
      { outcome: 'absent' },
    ]);
  });

  test('says of nobody that there is no record unless the CRM says so', () => {
    expect(read({ results: [] })).toEqual([
      { outcome: 'unanswered', code: 'provider_row_missing' },
      { outcome: 'unanswered', code: 'provider_row_missing' },
    ]);
    const errors = [failed('INTERNAL_ERROR', { ids: ['acme.com', 'globex.com'] })];
    expect(read({ results: [], errors })[0]).toEqual({ outcome: 'unanswered', code: 'provider_unavailable' });
  });

  test('may leave an emptied property as an empty text, which is none', () => {
    const results = [{ id: '7', properties: { domain: 'acme.com', name: '' } }];
    expect(read({ results }, ['acme.com'])).toMatchObject([{ properties: { name: null } }]);
  });

  test('whose item cannot be read leaves that row to be asked again', () => {
    const unreadable = { id: '8', properties: { domain: 'globex.com', name: 7 } };
    expect(read({ results: [record('acme.com'), unreadable] })).toMatchObject([
      { outcome: 'found' },
      { outcome: 'unanswered', code: 'provider_row_invalid' },
    ]);
  });

  test.each([
    [{ unexpected: true }, 'provider_invalid_answer'],
    [undefined, 'provider_invalid_answer'],
    [{ results: [record('acme.com', '7'), record('ACME.com', '8')] }, 'provider_answer_mixed_up'],
  ])('like %j is not believed', (reply, code) => {
    expect(() => read(reply)).toThrow(expect.objectContaining({ kind: 'answer', code }));
  });
});

describe('a reply to a batch write', () => {
  test('is joined by the key of the write, or by what finds the record where it names no key', () => {
    const results = [record('globex.com', '8'), record('acme.com', '7', { objectWriteTraceId: 'k1' })];
    expect(written({ results })).toEqual([
      { outcome: 'written', recordId: '7' },
      { outcome: 'written', recordId: '8' },
    ]);
  });

  test.each([
    ['VALIDATION_ERROR', { outcome: 'refused', code: 'provider_refused_row' }],
    ['CONFLICT', { outcome: 'refused', code: 'provider_conflict' }],
    ['OBJECT_ALREADY_EXISTS', { outcome: 'refused', code: 'provider_conflict' }],
    ['OBJECT_NOT_FOUND', { outcome: 'absent' }],
    ['INTERNAL_ERROR', { outcome: 'unanswered', code: 'provider_unavailable' }],
    ['SOMETHING_NEW', { outcome: 'unanswered', code: 'provider_unavailable' }],
  ])('with %s for one input concerns that one alone', (category, outcome) => {
    const results = [record('acme.com', '7', { objectWriteTraceId: 'k1' })];
    const byKey = [failed(category, { ids: ['globex.com'], objectWriteTraceId: ['k2'] })];
    expect(written({ results, errors: byKey })).toEqual([{ outcome: 'written', recordId: '7' }, outcome]);
    expect(written({ results, errors: [failed(category, { ids: ['globex.com'] })] })[1]).toEqual(outcome);
  });
});

describe('whatever JSON a reply is', () => {
  const anything = fc.oneof(fc.jsonValue(), fc.constantFrom('\0', '\ud800', 'x'.repeat(70_000), NaN, undefined, -1));
  const item = fc.oneof(
    anything,
    fc.record({ id: anything, properties: fc.oneof(anything, fc.dictionary(fc.string(), anything)) }),
    fc.record({ category: anything, context: fc.record({ ids: anything, objectWriteTraceId: anything }) }),
    fc.constant(record('acme.com')),
  );
  const reply = fc.oneof(anything, fc.record({ results: fc.array(item), errors: fc.array(item) }));

  test('it is read, with an answer for each row, or refused', () => {
    fc.assert(
      fc.property(reply, (json) => {
        for (const reader of [read, written]) {
          try {
            expect(reader(json)).toHaveLength(2);
          } catch (error) {
            expect(error).toBeInstanceOf(ProviderError);
          }
        }
      }),
    );
  });
});
