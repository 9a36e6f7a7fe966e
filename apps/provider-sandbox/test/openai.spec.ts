import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SandboxProcess } from './sandbox-process.js';

const ROUTE = '/v1/chat/completions';
const PROMPT = 'One line on Acme Rockets, an Aerospace firm';
let sandbox: SandboxProcess;

beforeAll(async () => {
  sandbox = await SandboxProcess.start(SandboxProcess.newLogFile());
});

afterAll(async () => {
  await sandbox.end('SIGKILL');
});

beforeEach(async () => {
  await sandbox.admin('DELETE', '/admin/faults');
  await sandbox.admin('PUT', '/admin/limits', { provider: 'openai', requestsPerSecond: null });
});

interface Completion {
  readonly choices: readonly {
    readonly message: { readonly content: string | null; readonly refusal: string | null };
    readonly finish_reason: string;
  }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly total_tokens: number };
}

type Messages = readonly { readonly role: string; readonly content: string }[];

const asked: Messages = [{ role: 'user', content: PROMPT }];

function strict(schema: object): object {
  return { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } } };
}

function wrapped(schema: object): object {
  return strict({ type: 'object', properties: { answer: schema }, required: ['answer'], additionalProperties: false });
}

async function complete(messages: Messages, options: object = {}): Promise<Completion> {
  const response = await sandbox.post('openai', ROUTE, { model: 'gpt-4o-mini', messages, ...options });
  expect(response.status).toBe(200);
  return (await response.json()) as Completion;
}

async function contentOf(messages: Messages, options: object = {}): Promise<string> {
  return (await complete(messages, options)).choices[0]?.message.content ?? '';
}

async function answers(more: object = {}): Promise<Readonly<Record<string, unknown>>> {
  const body = { provider: 'openai', key: PROMPT, ...more };
  return (await sandbox.adminJson<{ values: Record<string, unknown> }>('POST', '/admin/answers', body)).values;
}

describe('chat completions', () => {
  test('a text names the prompt, is always the same and is what the checker is told', async () => {
    const text = await contentOf(asked);
    expect(text).toContain('One line on Acme Rockets');
    expect(await contentOf([{ role: 'user', content: `  ${PROMPT.replace(' ', '   ')}\n` }])).toBe(text);
    expect((await answers())['text']).toBe(text);
    expect(await contentOf([{ role: 'user', content: 'One line on Globex' }])).not.toBe(text);
  });

  test.each([
    ['text', { type: 'string' }, {}],
    ['number', { type: 'number' }, {}],
    ['yes_no', { type: 'boolean' }, {}],
    ['one_of', { type: 'string', enum: ['low', 'mid', 'high'] }, { options: ['low', 'mid', 'high'] }],
  ])('an answer of the type %s is the same in an envelope as alone', async (type, schema, more) => {
    const { answer } = JSON.parse(await contentOf(asked, wrapped(schema))) as { answer: unknown };
    expect(answer).toEqual((await answers(more))[type]);
  });

  test('a value conforms to every part of its schema', async () => {
    const schema = {
      type: 'object',
      properties: {
        name: { type: 'string', maxLength: 10 },
        employees: { type: 'integer', minimum: 3, maximum: 5 },
        share: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
        tier: { enum: ['a', 'b'] },
        version: { const: 2 },
        tags: { type: 'array', items: { $ref: '#/$defs/tag' }, minItems: 2, maxItems: 4 },
        owner: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      },
      required: ['name', 'employees', 'share', 'tier', 'version', 'tags', 'owner'],
      additionalProperties: false,
      $defs: {
        tag: {
          type: 'object',
          properties: { since: { type: 'string', format: 'date' } },
          required: ['since'],
          additionalProperties: false,
        },
      },
    };
    for (let index = 0; index < 40; index++) {
      const content = await contentOf([{ role: 'user', content: `Question ${index}` }], strict(schema));
      const value = JSON.parse(content) as Record<string, number> & {
        name: string;
        tags: { since: string }[];
        owner: unknown;
      };
      expect(Object.keys(value)).toEqual(Object.keys(schema.properties));
      expect(value.name.length).toBeLessThanOrEqual(10);
      expect([3, 4, 5]).toContain(value['employees']);
      expect(value['share']).toBeGreaterThan(0);
      expect(value['share']).toBeLessThan(1);
      expect(['a', 'b']).toContain(value['tier']);
      expect(value['version']).toBe(2);
      expect([2, 3, 4]).toContain(value.tags.length);
      expect(value.tags.every(({ since }) => /^\d{4}-\d\d-\d\d$/.test(since))).toBe(true);
      expect(value.owner === null || typeof value.owner === 'string').toBe(true);
    }
    expect((await answers({ schema }))['json']).toEqual(JSON.parse(await contentOf(asked, strict(schema))));
  });

  test('a repair asks the same question again and gets the sound answer', async () => {
    const format = wrapped({ type: 'integer' });
    await sandbox.admin('PUT', '/admin/faults', [{ provider: 'openai', fault: 'wrong_schema', times: 1 }]);
    const first = await contentOf(asked, format);
    expect(typeof (JSON.parse(first) as { answer: unknown }).answer).toBe('string');
    const repaired = await contentOf(
      [...asked, { role: 'assistant', content: first }, { role: 'user', content: 'Follow the schema.' }],
      format,
    );
    expect(repaired).toBe(await contentOf(asked, format));
    expect((await sandbox.calls()).slice(-3).map(({ key, billable }) => ({ key, billable }))).toEqual(
      Array.from({ length: 3 }, () => ({ key: PROMPT, billable: true })),
    );
  });

  test.each([
    ['wrong_schema', { part: 'content' }, { content: expect.stringMatching(/^Sure!/) }, 'stop'],
    ['item_error', { code: 'refusal' }, { content: null, refusal: expect.any(String) }, 'stop'],
    ['item_error', { code: 'length' }, { content: expect.any(String), refusal: null }, 'length'],
    ['item_error', { code: 'content_filter' }, { content: '' }, 'content_filter'],
    ['empty_result', {}, { content: '' }, 'stop'],
  ])('%s with %j spoils the content alone', async (fault, params, message, reason) => {
    await sandbox.admin('PUT', '/admin/faults', [{ provider: 'openai', fault, params }]);
    const { choices } = await complete(asked, wrapped({ type: 'number' }));
    expect(choices).toMatchObject([{ message, finish_reason: reason }]);
    expect(() => JSON.parse(choices[0]?.message.content ?? '') as unknown).toThrow();
  });

  test('partial_batch leaves the choices empty', async () => {
    await sandbox.admin('PUT', '/admin/faults', [{ provider: 'openai', fault: 'partial_batch' }]);
    expect((await complete(asked)).choices).toEqual([]);
  });

  test('tokens follow the lengths, and an answer ends where max_completion_tokens says', async () => {
    const { usage } = await complete(asked);
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
    const { choices, usage: cut } = await complete(asked, { max_completion_tokens: 3 });
    expect([choices[0]?.finish_reason, cut.completion_tokens]).toEqual(['length', 3]);
  });

  test('over its limit it answers 429 with retry-after, and tells the limit in every reply', async () => {
    await sandbox.admin('PUT', '/admin/limits', { provider: 'openai', requestsPerSecond: 0.01 });
    const body = { model: 'gpt-4o-mini', messages: asked };
    await sandbox.post('openai', ROUTE, body);
    const refused = await sandbox.post('openai', ROUTE, body);
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(refused.headers.has('x-ratelimit-remaining-requests')).toBe(true);
    expect(await refused.json()).toMatchObject({ error: { type: 'requests', code: 'rate_limit_exceeded' } });
  });

  test('a wrong key, a body and a schema it does not take are refused in its own words', async () => {
    const wrong = await sandbox.post('openai', ROUTE, {}, { authorization: 'Bearer wrong' });
    expect([wrong.status, await wrong.json()]).toMatchObject([401, { error: { code: 'invalid_api_key' } }]);
    expect((await sandbox.post('openai', ROUTE, { model: 'm', messages: [] })).status).toBe(400);
    const open = { type: 'object', properties: { answer: { type: 'string' } }, additionalProperties: false };
    const refused = await sandbox.post('openai', ROUTE, { model: 'm', messages: asked, ...strict(open) });
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { param: 'response_format' } }]);
  });
});
