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

  test('rate_limited gives Retry-After as a date when asked to', async () => {
    await setFault({ fault: 'rate_limited', params: { retryAfterSeconds: 60, asDate: true } });
    const at = Date.parse((await sandbox.lusha(['Acme'])).headers.get('retry-after') ?? '');
    expect(Math.abs(at - Date.now() - 60_000)).toBeLessThan(30_000);
  });

  test.each([
    ['unauthorized', 401],
    ['out_of_credits', 402],
    ['forbidden', 403],
  ])('%s answers %d although the key is right, and bills nothing', async (fault, status) => {
    await setFault({ fault });
    expect((await sandbox.lusha([await knownToLusha()])).status).toBe(status);
    expect(await newCalls(1)).toMatchObject([{ status, billable: false, fault }]);
  });

  test('html_body answers with a page that repeats what was looked up', async () => {
    await setFault({ fault: 'html_body' });
    const response = await sandbox.lusha(['Canary 4711']);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toMatch(/^<!doctype html>.*Canary 4711/);
    expect(await newCalls(1)).toMatchObject([{ status: 200, billable: false }]);
  });

  test('slow_drip sends the usual, billed answer over the time given', async () => {
    const known = await knownToLusha();
    seen = (await sandbox.calls()).length;
    const usual = await resultsOf([known, 'Acme']);
    await setFault({ fault: 'slow_drip', params: { ms: 500 } });
    const startedAt = performance.now();
    expect(await resultsOf([known, 'Acme'])).toEqual(usual);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(450);
    expect(await newCalls(4)).toMatchObject([{}, {}, { billable: true, fault: 'slow_drip' }, {}]);
  });

  test('oversized_body pads the usual answer to the size given and survives a caller who leaves', async () => {
    const usual = await resultsOf(['Acme']);
    await setFault({ fault: 'oversized_body', params: { bytes: 300_000 } });
    const text = await (await sandbox.lusha(['Acme'])).text();
    expect(text).toHaveLength(300_000);
    expect((JSON.parse(text) as { results: unknown }).results).toEqual(usual);
    await setFault({ fault: 'oversized_body', params: { bytes: 100_000_000 } });
    await (await sandbox.lusha(['Acme'])).body?.cancel();
    await setFault({ fault: 'server_error' });
    expect((await sandbox.lusha(['Acme'])).status).toBe(500);
  });

  test.each([
    ['envelope', { payload: expect.anything() }],
    ['items', { results: [{ clientReferenceId: '0', id: expect.any(Number) }] }],
    ['references', { results: [{ clientReferenceId: '0' }, { clientReferenceId: '0' }] }],
  ])('wrong_schema of the %s is JSON that breaks the documentation there', async (part, shape) => {
    await setFault({ fault: 'wrong_schema', params: { part } });
    const response = await sandbox.lusha([await knownToLusha()]);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject(shape);
    expect(await newCalls(1)).toMatchObject([{ billable: false, fault: 'wrong_schema' }]);
  });

  test('empty_result knows nobody, or everybody without a single attribute', async () => {
    const known = await knownToLusha();
    await setFault({ fault: 'empty_result' });
    expect(await resultsOf([known])).toEqual([
      { clientReferenceId: '0', error: expect.objectContaining({ code: 'NOT_FOUND' }) },
    ]);
    await setFault({ fault: 'empty_result', params: { of: 'values' } });
    expect(await resultsOf([known])).toMatchObject([{ industry: null, employeeCount: null, description: null }]);
    expect((await newCalls(2)).map(({ billable }) => billable)).toEqual([false, true]);
  });

  test('partial_batch leaves items out and bills only the others', async () => {
    const known = await knownToLusha();
    seen = (await sandbox.calls()).length;
    await setFault({ fault: 'partial_batch', params: { share: 0.5 } });
    expect(await resultsOf([known, known, known, known])).toMatchObject([
      { clientReferenceId: '2' },
      { clientReferenceId: '3' },
    ]);
    expect((await newCalls(4)).map(({ billable }) => billable)).toEqual([false, false, true, true]);
  });

  test('item_error gives items an error of their own and bills only the others', async () => {
    const known = await knownToLusha();
    seen = (await sandbox.calls()).length;
    await setFault({ fault: 'item_error', params: { code: 'COMPLIANCE_RESTRICTED', share: 0.3 } });
    expect(await resultsOf([known, known, known])).toMatchObject([
      { clientReferenceId: '0', error: { code: 'COMPLIANCE_RESTRICTED' } },
      { id: expect.any(String) },
      {},
    ]);
    expect((await newCalls(3)).map(({ billable }) => billable)).toEqual([false, true, true]);
    await sandbox.admin('PUT', '/admin/faults', [
      { provider: 'pdl', fault: 'item_error', params: { code: 'api_error', share: 1 } },
    ]);
    expect(await (await sandbox.pdl(['Acme'])).json()).toMatchObject([{ status: 500, error: { type: 'api_error' } }]);
  });

  test('probability hits the same calls again after a reset to the same seed', async () => {
    const statuses = async (): Promise<number[]> => {
      await sandbox.admin('POST', '/admin/reset', { seed: 'dice' });
      await sandbox.admin('PUT', '/admin/limits', { provider: 'lusha', requestsPerSecond: null });
      await sandbox.admin('PUT', '/admin/latency', { provider: 'lusha', p50Ms: 0, p99Ms: 0 });
      await setFault({ fault: 'server_error', probability: 0.5 });
      const all = [];
      for (let call = 0; call < 20; call++) all.push((await sandbox.lusha(['Acme'])).status);
      return all;
    };
    const first = await statuses();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await statuses()).toEqual(first);
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
    [{ provider: 'slack', fault: 'hang' }, '/0/provider', 'not_supported'],
    [{ provider: 'lusha', fault: 'wrong_schema', params: { part: 'content' } }, '/0/params/part', 'not_supported'],
    [{ provider: 'lusha', fault: 'hang', route: '/v9/none' }, '/0/route', 'not_supported'],
    [{ provider: 'lusha', fault: 'hang', probability: 2 }, '/0/probability', 'invalid'],
    [{ provider: 'lusha', fault: 'latency' }, '/0/params', 'invalid'],
    [{ provider: 'lusha', fault: 'hang', params: { seconds: 3 } }, '/0/params/seconds', 'invalid'],
    [{ provider: 'lusha', fault: 'unauthorized', params: { status: 500 } }, '/0/params/status', 'invalid'],
    [{ provider: 'lusha', fault: 'partial_batch', params: { share: 2 } }, '/0/params/share', 'invalid'],
    [{ provider: 'lusha', fault: 'item_error', params: { code: 'api_error' } }, '/0/params/code', 'not_supported'],
    [{ provider: 'lusha', fault: 'duplicate_webhook' }, '/0/fault', 'not_supported'],
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

async function resultsOf(names: readonly string[]): Promise<unknown> {
  return ((await (await sandbox.lusha(names)).json()) as { results: unknown }).results;
}

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
