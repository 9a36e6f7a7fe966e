import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SandboxProcess } from './sandbox-process.js';

let sandbox: SandboxProcess;

beforeAll(async () => {
  sandbox = await SandboxProcess.start(SandboxProcess.newLogFile());
});

afterAll(async () => {
  await sandbox.end('SIGKILL');
});

describe('provider routes', () => {
  test('a wrong key is 401 in the provider’s own words, and logged unbilled', async () => {
    const response = await sandbox.lusha(['Acme'], { key: 'wrong' });
    expect([response.status, await response.json()]).toEqual([
      401,
      { statusCode: 401, message: 'The API key is invalid', errors: [] },
    ]);
    expect((await sandbox.calls()).at(-1)).toMatchObject({ status: 401, billable: false, key: 'acme' });
  });

  test('Lusha admits 25 calls in a second and tells the usage; a lifted limit admits all', async () => {
    await sandbox.admin('POST', '/admin/reset', { seed: 1 });
    await sandbox.admin('PUT', '/admin/latency', { provider: 'lusha', p50Ms: 0, p99Ms: 0 });
    // At a thousandth of real time all calls of this test fall into one second of the sandbox.
    await sandbox.admin('PUT', '/admin/clock', { rate: 0.001 });
    const many = (): Promise<Response[]> => Promise.all(Array.from({ length: 40 }, () => sandbox.lusha(['Acme'])));
    const limited = await many();
    expect(limited.filter(({ status }) => status === 200)).toHaveLength(25);
    expect(limited.filter(({ status }) => status === 429)).toHaveLength(15);
    expect(limited.every(({ headers }) => headers.get('retry-after') === null)).toBe(true);
    expect(limited[0]?.headers.get('x-rate-limit-daily')).toBe(String(25 * 86_400));
    expect(limited[0]?.headers.has('x-hourly-requests-left')).toBe(true);
    await sandbox.admin('PUT', '/admin/limits', { provider: 'lusha', requestsPerSecond: null });
    expect((await many()).every(({ status }) => status === 200)).toBe(true);
    await sandbox.admin('PUT', '/admin/clock', { rate: 1 });
  });

  test('a body the provider cannot read is 400 and logged without a key', async () => {
    const before = (await sandbox.calls()).length;
    const headers = { api_key: 'sandbox-lusha', 'x-api-key': 'sandbox-pdl', 'content-type': 'application/json' };
    for (const path of ['/v3/companies/search-and-enrich', '/v3/contacts/search-and-enrich', '/v5/person/bulk']) {
      for (const body of ['{"comp', '{}', '{"companies":[{}],"contacts":[{}]}']) {
        expect((await fetch(sandbox.url + path, { method: 'POST', headers, body })).status).toBe(400);
      }
    }
    const calls = await sandbox.calls(before);
    expect(calls).toHaveLength(9);
    expect(calls.every(({ key, billable }) => key === null && !billable)).toBe(true);
  });

  test('more than 100 items are refused', async () => {
    await sandbox.admin('PUT', '/admin/limits', { provider: 'lusha', requestsPerSecond: null });
    const names = Array.from({ length: 101 }, (_, index) => `Company ${index}`);
    expect((await sandbox.lusha(names)).status).toBe(400);
    expect((await sandbox.pdl(names)).status).toBe(400);
  });

  test('each match is billed once and said so in the reply', async () => {
    const before = (await sandbox.calls()).length;
    const names = Array.from({ length: 50 }, (_, index) => `Billing ${index}`);
    const lusha = (await (await sandbox.lusha(names)).json()) as { results: { error?: object }[]; billing: object };
    const matched = lusha.results.filter(({ error }) => error === undefined).length;
    expect(lusha.billing).toEqual({ creditsCharged: matched, resultsReturned: matched });
    expect((await sandbox.calls(before)).filter(({ billable }) => billable)).toHaveLength(matched);
    const pdl = await sandbox.pdl(names);
    const items = (await pdl.json()) as { status: number }[];
    expect(pdl.headers.get('x-call-credits-spent')).toBe(String(items.filter(({ status }) => status === 200).length));
  });

  test('health and metrics need no key', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect((await fetch(sandbox.url + path)).status).toBe(200);
    }
    const metrics = await (await fetch(`${sandbox.url}/metrics`)).text();
    expect(metrics).toContain(
      'sandbox_calls_total{provider="lusha",route="/v3/companies/search-and-enrich",status="200"}',
    );
  });
});
