import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SandboxProcess } from './sandbox-process.js';

const logFile = SandboxProcess.newLogFile();
let sandbox: SandboxProcess;

beforeAll(async () => {
  sandbox = await SandboxProcess.start(logFile);
});

afterAll(async () => {
  await sandbox.end('SIGKILL');
});

beforeEach(async () => {
  await sandbox.admin('POST', '/admin/reset', { seed: 1 });
  await quick();
});

async function quick(): Promise<void> {
  await sandbox.admin('PUT', '/admin/latency', { provider: 'hubspot', p50Ms: 0, p99Ms: 0 });
  await sandbox.admin('PUT', '/admin/limits', { provider: 'hubspot', requestsPerSecond: null });
}

interface CrmRecord {
  readonly object: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly archived: boolean;
  readonly writes: number;
}
interface Reply {
  readonly results: readonly (CrmRecord & { readonly new?: boolean })[];
  readonly numErrors?: number;
  readonly errors?: readonly { readonly category: string; readonly context: object }[];
}

async function records(query = ''): Promise<readonly CrmRecord[]> {
  return (await sandbox.adminJson<{ items: CrmRecord[] }>('GET', `/admin/crm/records${query}`)).items;
}

async function batch(action: string, body: object, object = 'companies'): Promise<Response> {
  return sandbox.post('hubspot', `/crm/v3/objects/${object}/batch/${action}`, body);
}

function company(domain: string, name: string, traceId = `write ${domain}`): object {
  return { id: domain, idProperty: 'domain', properties: { name }, objectWriteTraceId: traceId };
}

async function upsert(...inputs: readonly object[]): Promise<Reply> {
  const response = await batch('upsert', { inputs });
  expect([200, 207]).toContain(response.status);
  return (await response.json()) as Reply;
}

describe('the CRM', () => {
  test('an upsert creates once, then updates, and leaves no trace where nothing differs', async () => {
    const seen = (await sandbox.calls()).length;
    expect((await upsert(company('acme.com', 'Acme'))).results).toMatchObject([{ new: true }]);
    expect((await upsert(company('ACME.com', 'Acme'))).results).toMatchObject([{ new: false }]);
    expect((await upsert(company('acme.com', 'Acme Rockets'))).results).toMatchObject([{ new: false }]);
    expect(await records()).toMatchObject([
      { properties: { domain: 'acme.com', name: 'Acme Rockets' }, archived: false, writes: 2 },
    ]);
    expect(await sandbox.calls(seen)).toMatchObject([
      { key: 'acme.com', idempotencyKey: 'write acme.com', billable: true, effect: 'created', recordId: '10001' },
      { key: 'acme.com', idempotencyKey: 'write ACME.com', effect: 'unchanged' },
      { effect: 'updated', status: 200 },
    ]);
  });

  test('records, ids and archiving survive kill -9 and a torn line; a reset empties them', async () => {
    await upsert(company('acme.com', 'Acme'), company('globex.com', 'Globex'));
    expect((await batch('archive', { inputs: [{ id: '10001' }] })).status).toBe(204);
    const before = await records();
    expect(before.map(({ archived }) => archived)).toEqual([true, false]);
    await sandbox.end('SIGKILL');
    appendFileSync(`${logFile}.crm.jsonl`, '{"object":"companies","id":"10');
    sandbox = await SandboxProcess.start(logFile);
    await quick();
    expect(await records()).toEqual(before);
    expect((await upsert(company('acme.com', 'Acme again'))).results).toMatchObject([{ id: '10003', new: true }]);
    await sandbox.end('SIGKILL');
    sandbox = await SandboxProcess.start(logFile);
    expect(await records('?object=companies&after=10001&limit=5')).toHaveLength(2);
    await sandbox.admin('POST', '/admin/reset', { seed: 1 });
    expect(await records()).toEqual([]);
  });

  test('a read shows what was asked for, and names what is not there', async () => {
    await upsert(company('acme.com', 'Acme'));
    const body = {
      idProperty: 'domain',
      properties: ['name', 'industry'],
      inputs: [{ id: 'Acme.com' }, { id: 'no.com' }],
    };
    const response = await batch('read', body);
    expect([response.status, await response.json()]).toMatchObject([
      207,
      {
        results: [{ properties: { name: 'Acme', industry: null } }],
        numErrors: 1,
        errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['no.com'] } }],
      },
    ]);
    expect((await batch('read', { ...body, inputs: [{ id: 'acme.com' }] })).status).toBe(200);
    expect((await batch('read', { ...body, idProperty: 'name' })).status).toBe(400);
  });

  test('an update clears with an empty text, not with null, and reports what is gone; archiving what is gone is no error', async () => {
    await upsert({ ...company('acme.com', 'Acme'), properties: { name: 'Acme', industry: 'Retail' } });
    const response = await batch('update', {
      inputs: [
        { id: '10001', properties: { name: '', industry: null, city: 'Austin' } },
        { id: '404', properties: {}, objectWriteTraceId: 'w' },
      ],
    });
    expect([response.status, await response.json()]).toMatchObject([
      207,
      { errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['404'], objectWriteTraceId: ['w'] } }] },
    ]);
    expect(await records()).toMatchObject([{ properties: { name: null, industry: 'Retail', city: 'Austin' } }]);
    for (let time = 0; time < 2; time++) {
      expect((await batch('archive', { inputs: [{ id: '10001' }, { id: '404' }] })).status).toBe(204);
    }
    expect((await sandbox.calls()).slice(-4).map(({ effect }) => effect)).toEqual([
      'archived',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('a bad record fails alone when every input has a trace id, and takes all with it otherwise', async () => {
    const contact = (email: string, trace: object): object => ({
      id: email,
      idProperty: 'email',
      properties: { firstname: 'Ada' },
      ...trace,
    });
    const refused = await batch('upsert', { inputs: [contact('nobody', {}), contact('ada@acme.com', {})] }, 'contacts');
    expect([refused.status, await records()]).toEqual([400, []]);
    const traced = [
      contact('nobody', { objectWriteTraceId: 'a' }),
      contact('Ada@Acme.com', { objectWriteTraceId: 'b' }),
    ];
    const partial = await batch('upsert', { inputs: traced }, 'contacts');
    expect([partial.status, await partial.json()]).toMatchObject([
      207,
      { results: [{ objectWriteTraceId: 'b' }], numErrors: 1, errors: [{ context: { objectWriteTraceId: ['a'] } }] },
    ]);
    expect(await records()).toMatchObject([{ object: 'contacts', properties: { email: 'ada@acme.com' } }]);
  });

  test('no two records share a value of a unique property', async () => {
    await upsert({ id: 'k-1', idProperty: 'uno_key', properties: { domain: 'acme.com' }, objectWriteTraceId: 'a' });
    const { errors } = await upsert({
      id: 'k-2',
      idProperty: 'uno_key',
      properties: { domain: 'acme.com' },
      objectWriteTraceId: 'b',
    });
    expect(errors).toMatchObject([{ category: 'CONFLICT' }]);
    expect(await records()).toHaveLength(1);
  });

  test.each([
    [
      'the same id twice',
      [company('acme.com', 'A', '1'), company('Acme.com', 'B', '2')],
      /Duplicate IDs found in batch input: \[acme.com\]/,
    ],
    ['an unknown property', [{ ...company('acme.com', 'A'), properties: { colour: 'red' } }], /PROPERTY_DOESNT_EXIST/],
    [
      'a property that is not unique',
      [{ id: 'Acme', idProperty: 'name', properties: {} }],
      /non-unique 0-2 property name/,
    ],
    ['no property to find by', [{ id: 'acme.com', properties: {} }], /non-unique/],
    ['more than 100 inputs', Array.from({ length: 101 }, (_, index) => company(`c${index}.com`, 'A')), /Validation/],
  ])('%s is refused, and nothing is written', async (_what, inputs, message) => {
    const response = await batch('upsert', { inputs });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      {
        status: 'error',
        category: 'VALIDATION_ERROR',
        message: expect.stringMatching(message),
        correlationId: expect.any(String),
      },
    ]);
    expect(await records()).toEqual([]);
  });

  test('it admits 100 calls in ten seconds and tells so', async () => {
    await sandbox.admin('PUT', '/admin/limits', { provider: 'hubspot', requestsPerSecond: 10 });
    await sandbox.admin('PUT', '/admin/clock', { rate: 0.001 });
    const read = { inputs: [{ id: '1' }] };
    const replies = await Promise.all(Array.from({ length: 110 }, () => batch('read', read)));
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(10);
    expect(replies[0]?.headers.get('x-hubspot-ratelimit-max')).toBe('100');
    expect(replies[0]?.headers.get('x-hubspot-ratelimit-interval-milliseconds')).toBe('10000');
    expect(await replies.find(({ status }) => status === 429)?.json()).toMatchObject({
      policyName: 'TEN_SECONDLY_ROLLING',
    });
  });
});

describe('faults of the CRM', () => {
  const inputs = [company('a.com', 'A'), company('b.com', 'B')];

  test('reset_after_count writes and loses the answer', async () => {
    await sandbox.admin('PUT', '/admin/faults', [{ provider: 'hubspot', fault: 'reset_after_count', times: 1 }]);
    await expect(batch('upsert', { inputs })).rejects.toThrow();
    expect(await records()).toHaveLength(2);
    expect((await upsert(...inputs)).results.map((each) => each.new)).toEqual([false, false]);
    expect((await sandbox.calls()).slice(-4).map(({ effect }) => effect)).toEqual([
      'created',
      'created',
      'unchanged',
      'unchanged',
    ]);
  });

  test('partial_batch and item_error fail a share with 207 and write the others', async () => {
    for (const [fault, params, category] of [
      ['partial_batch', { share: 0.5 }, 'INTERNAL_ERROR'],
      ['item_error', { share: 0.5, code: 'CONFLICT' }, 'CONFLICT'],
    ] as const) {
      await sandbox.admin('POST', '/admin/reset', { seed: 1 });
      await quick();
      await sandbox.admin('PUT', '/admin/faults', [{ provider: 'hubspot', fault, params }]);
      const reply = await upsert(...inputs);
      expect(reply).toMatchObject({
        numErrors: 1,
        errors: [{ category, context: { objectWriteTraceId: ['write a.com'] } }],
      });
      expect((await records()).map(({ properties }) => properties['domain'])).toEqual(['b.com']);
    }
  });

  test.each(['server_error', 'empty_result', 'html_body', 'rate_limited', 'forbidden', 'out_of_credits'])(
    '%s writes nothing',
    async (fault) => {
      await sandbox.admin('PUT', '/admin/faults', [{ provider: 'hubspot', fault }]);
      await (await batch('upsert', { inputs })).text();
      expect(await records()).toEqual([]);
      expect((await sandbox.calls()).at(-1)).toMatchObject({ billable: false, fault });
    },
  );

  test.each(['wrong_schema', 'oversized_body'])('%s writes, whatever becomes of the answer', async (fault) => {
    await sandbox.admin('PUT', '/admin/faults', [{ provider: 'hubspot', fault }]);
    await (await batch('upsert', { inputs })).text();
    expect(await records()).toHaveLength(2);
  });
});
