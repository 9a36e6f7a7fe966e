import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Call } from './sandbox-process.js';
import { SandboxProcess } from './sandbox-process.js';

const ROUTE = '/v3/companies/search-and-enrich';
let sandbox: SandboxProcess;
let seen = 0;

beforeAll(async () => {
  sandbox = await SandboxProcess.start(SandboxProcess.newLogFile());
});

afterAll(async () => {
  await sandbox.end('SIGKILL');
});

beforeEach(async () => {
  await sandbox.admin('PUT', '/admin/limits', { provider: 'lusha', requestsPerSecond: null });
  await sandbox.admin('DELETE', '/admin/faults');
  seen = (await sandbox.calls()).length;
});

async function setFault(fault: Readonly<Record<string, unknown>>): Promise<void> {
  const response = await sandbox.admin('PUT', '/admin/faults', [{ provider: 'lusha', ...fault }]);
  expect(response.status).toBe(200);
}

/** Waits until the log holds `count` further items: a call without an answer gives no other sign. */
async function newCalls(count: number): Promise<readonly Call[]> {
  for (;;) {
    const calls = await sandbox.calls(seen);
    if (calls.length >= count) return calls;
  }
}

describe('faults', () => {
  test('server_error answers with the status asked for, bills nothing and echoes what was looked up', async () => {
    await setFault({ fault: 'server_error', params: { status: 503 } });
    const response = await sandbox.lusha(['Canary 4711']);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('Canary 4711');
    expect(await newCalls(1)).toMatchObject([
      { key: 'canary 4711', status: 503, billable: false, fault: 'server_error' },
    ]);
  });

  test('rate_limited answers 429 without Retry-After unless seconds are given', async () => {
    await setFault({ fault: 'rate_limited' });
    const plain = await sandbox.lusha(['Acme']);
    expect([plain.status, plain.headers.get('retry-after')]).toEqual([429, null]);
    await setFault({ fault: 'rate_limited', params: { retryAfterSeconds: 7 } });
    const timed = await sandbox.lusha(['Acme']);
    expect([timed.status, timed.headers.get('retry-after')]).toEqual([429, '7']);
  });

  test('unauthorized answers 401 although the key is right', async () => {
    await setFault({ fault: 'unauthorized' });
    expect((await sandbox.lusha(['Acme'])).status).toBe(401);
    expect(await newCalls(1)).toMatchObject([{ status: 401, billable: false }]);
  });

  test('latency delays the usual answer', async () => {
    await setFault({ fault: 'latency', params: { ms: 400 } });
    const startedAt = performance.now();
    expect((await sandbox.lusha(['Acme'])).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(390);
  });

  test('hang logs the call and never answers it', async () => {
    await setFault({ fault: 'hang' });
    const controller = new AbortController();
    const answer = sandbox.lusha(['Acme'], { signal: controller.signal });
    const refused = expect(answer).rejects.toThrow();
    expect(await newCalls(1)).toMatchObject([{ status: 0, billable: false, fault: 'hang' }]);
    controller.abort();
    await refused;
  });

  test('reset_after_count bills the call and loses the answer', async () => {
    const known = await knownToLusha();
    seen = (await sandbox.calls()).length;
    await setFault({ fault: 'reset_after_count' });
    await expect(sandbox.lusha([known])).rejects.toThrow();
    expect(await newCalls(1)).toMatchObject([{ key: known, status: 200, billable: true, fault: 'reset_after_count' }]);
  });

  test('times ends a fault, other providers are not touched, and hits are counted', async () => {
    await setFault({ fault: 'server_error', times: 2, route: `POST ${ROUTE}` });
    expect((await sandbox.pdl(['Acme'])).status).toBe(200);
    const statuses = [];
    for (let call = 0; call < 3; call++) statuses.push((await sandbox.lusha(['Acme'])).status);
    expect(statuses).toEqual([500, 500, 200]);
    expect(await sandbox.adminJson('GET', '/admin/faults')).toMatchObject({ items: [{ hits: 2, times: 2 }] });
  });

  test.each([
    [{ provider: 'lusha', fault: 'gremlins' }, '/0/fault', 'not_supported'],
    [{ provider: 'hubspot', fault: 'hang' }, '/0/provider', 'not_supported'],
    [{ provider: 'lusha', fault: 'hang', route: '/v9/none' }, '/0/route', 'not_supported'],
    [{ provider: 'lusha', fault: 'hang', probability: 2 }, '/0/probability', 'invalid'],
    [{ provider: 'lusha', fault: 'latency' }, '/0/params', 'invalid'],
  ])('refuses %j and names the field', async (fault, pointer, code) => {
    const response = await sandbox.admin('PUT', '/admin/faults', [fault]);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      422,
      'application/problem+json; charset=utf-8',
    ]);
    expect(await response.json()).toMatchObject({ status: 422, code, errors: [{ pointer }] });
    expect(await sandbox.adminJson('GET', '/admin/faults')).toEqual({ items: [] });
  });
});

async function knownToLusha(): Promise<string> {
  for (let index = 0; ; index++) {
    const key = `company ${index}`;
    const answer = await sandbox.adminJson<{ found: boolean }>(
      'GET',
      `/admin/answers?provider=lusha&entityType=company&key=${encodeURIComponent(key)}`,
    );
    if (answer.found) return key;
  }
}
