import { describe, expect, test } from '@jest/globals';
import { accountOf, ProviderError } from '@uno/worker-kit';
import { FakeProviderServer } from '@uno/worker-kit/testing';
import fc from 'fast-check';
import { LushaSignals } from '../src/signals/lusha.provider.js';
import { readSearchReply, readSignalsReply } from '../src/signals/lusha.reply.js';
import type { EventsResult, SearchResult } from '../src/signals/signals-provider.js';
import { EXCHANGES, readFixture } from './fixture.js';

/** What an adapter makes of a reply, whatever it is. */
async function answerTo(
  body: unknown,
  ask: (typeof EXCHANGES)[number]['ask'],
): Promise<{ readonly server: FakeProviderServer; readonly results: readonly (SearchResult | EventsResult)[] }> {
  const server = await FakeProviderServer.start((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  try {
    return { server, results: await ask(new LushaSignals({ baseUrl: server.url, apiKey: 'secret' })) };
  } finally {
    await server.stop();
  }
}

describe.each(EXCHANGES)('the documented exchange $name', ({ name, ask, results: expected }) => {
  const { request, reply, source } = readFixture(name);

  test('is the request that the adapter sends and the reply that it understands', async () => {
    expect(source).toMatch(/^https:/);
    const { server, results } = await answerTo(reply.body, ask);
    expect(results).toEqual(expected);
    const { method, path, keyHeader, body } = request;
    expect(server.seen).toMatchObject([{ method, path, headers: { [keyHeader]: 'secret' } }]);
    expect(server.seen[0]?.body).toEqual(body);
  });

  test('with unknown fields everywhere is read as if they were not there', async () => {
    const grown: unknown = JSON.parse(JSON.stringify(reply.body), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, added: [1] } : value,
    );
    expect((await answerTo(grown, ask)).results).toEqual(expected);
  });

  test('with two answers to one item, or one to an item that nobody asked for, is not believed', async () => {
    const { results } = reply.body as { readonly results: readonly object[] };
    const stranger = { ...results[0], clientReferenceId: '7', id: 'v1.Stranger' };
    for (const items of [
      [...results, results[0]],
      [...results, stranger],
    ]) {
      const failed = answerTo({ results: items }, ask);
      await expect(failed).rejects.toMatchObject({ kind: 'answer', code: 'provider_answer_mixed_up' });
    }
  });

  test.each([
    ['COMPLIANCE_RESTRICTED', 'error', 'provider_restricted'],
    ['SOMETHING_ELSE', 'error', 'provider_lookup_failed'],
    [7, 'unanswered', 'provider_row_invalid'],
  ])('with the item error %j has %s %s for that item alone', async (code, outcome, expectedCode) => {
    const { results } = reply.body as { readonly results: readonly object[] };
    const items = results.map((item, index) => (index === 0 ? { ...item, error: { code } } : item));
    expect((await answerTo({ results: items }, ask)).results).toEqual([
      { outcome, code: expectedCode },
      ...expected.slice(1),
    ]);
  });
});

const KINDS = new Set(['funding', 'hiring', 'news', 'job_change'] as const);
const READERS: readonly (readonly [string, (reply: unknown) => readonly unknown[]])[] = [
  ['search', (reply) => readSearchReply(reply, 2)],
  ['signals', (reply) => readSignalsReply(reply, { ids: ['a', 'b'], kinds: KINDS })],
];

describe.each(READERS)('a reply to %s', (_, read) => {
  test('whatever JSON it is, is read or refused', () => {
    const item = fc.record({ clientReferenceId: fc.constantFrom('0', '1'), id: fc.constantFrom('a', 'b') });
    const results = fc.array(
      fc.oneof(
        fc.jsonValue(),
        fc.tuple(item, fc.object()).map(([a, b]) => ({ ...b, ...a })),
      ),
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ results })), (json) => {
        try {
          expect(read(json)).toHaveLength(2);
        } catch (error) {
          expect(error).toBeInstanceOf(ProviderError);
        }
      }),
    );
  });
});

const eventsOf = (type: string, event: unknown): readonly EventsResult[] =>
  readSignalsReply({ results: [{ id: 'a', [type]: [event] }] }, { ids: ['a'], kinds: KINDS });
const article = (more: object): object => ({
  ...{ articlePublishedDate: '2026-08-15', articleTitle: 'News', articleUrl: 'https://news.example/1', ...more },
});

describe('an event', () => {
  test.each([
    ['riskNews', 'news', article({})],
    ['peopleNews', 'news', article({ articlePublishedDate: '2026-08-15T10:00:00.000Z', articleTitle: ' News ' })],
  ])('of type %s is %s, on the day that it has', (type, kind, event) => {
    const events = [{ kind, title: 'News', date: '2026-08-15', url: 'https://news.example/1' }];
    expect(eventsOf(type, event)).toEqual([{ outcome: 'known', events }]);
  });

  test.each([null, undefined, '', 'no address', 'javascript:alert(1)'])(
    'has no link by the address %j',
    (articleUrl) => {
      expect(eventsOf('riskNews', article({ articleUrl }))).toMatchObject([{ events: [{ url: null }] }]);
    },
  );

  test.each([
    ['riskNews', article({ articlePublishedDate: '2026-02-30' })],
    ['riskNews', article({ articlePublishedDate: 'today' })],
    ['riskNews', article({ articleTitle: ' ' })],
    ['surgeInHiring', { signalDate: '2026-08-15', newJobsPostedLastWeek: 'many', changeRatePercent: 3 }],
    ['companyChange', { signalDate: '2026-08-15', newCompany: 'Acme' }],
    ['promotion', {}],
  ])('of type %s that cannot be read, %j, leaves the row to be asked again', (type, event) => {
    expect(eventsOf(type, event)).toEqual([{ outcome: 'unanswered', code: 'provider_row_invalid' }]);
  });
});

test('the account is named as every service names it, so that one bucket of leases serves all that use its key', () => {
  const adapter = new LushaSignals({ baseUrl: 'http://127.0.0.1:1', apiKey: 'secret' });
  expect(adapter).toMatchObject({ name: 'lusha', account: accountOf('secret'), requestsPerSecond: 25 });
  expect(adapter.account).not.toContain('secret');
});
