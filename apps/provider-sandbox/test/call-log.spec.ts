import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SandboxProcess } from './sandbox-process.js';

const logFile = SandboxProcess.newLogFile();
let sandbox: SandboxProcess;

beforeEach(async () => {
  sandbox = await SandboxProcess.start(logFile);
});

afterEach(async () => {
  await sandbox.end('SIGKILL');
});

describe('the call log', () => {
  test('has one item per look-up of a call, with its normalised key, joined by callId', async () => {
    const before = (await sandbox.calls()).at(-1)?.seq ?? 0;
    await sandbox.lusha(['  3M ', 'Abbott   Laboratories'], { headers: { 'idempotency-key': 'k-1' } });
    const items = await sandbox.calls(before);
    expect(items.map(({ key }) => key)).toEqual(['3m', 'abbott laboratories']);
    expect(new Set(items.map(({ callId }) => callId)).size).toBe(1);
    expect(items).toMatchObject([
      {
        seq: before + 1,
        provider: 'lusha',
        route: '/v3/companies/search-and-enrich',
        idempotencyKey: 'k-1',
        status: 200,
      },
      { seq: before + 2 },
    ]);
  });

  test('says of calls that piled up while the sandbox stood still that they may have come earlier', async () => {
    const before = (await sandbox.calls()).at(-1)?.seq ?? 0;
    sandbox.signal('SIGSTOP');
    const calls = ['One', 'Two'].map((name) => sandbox.lusha([name]));
    await sleep(300);
    sandbox.signal('SIGCONT');
    await Promise.all(calls);
    for (const { stoodStillMs } of await sandbox.calls(before)) expect(stoodStillMs).toBeGreaterThan(0);
  });

  test('survives kill -9, and seq goes on without a gap after the restart', async () => {
    await sandbox.lusha(['Before The Crash']);
    const before = await sandbox.calls();
    await sandbox.end('SIGKILL');
    sandbox = await SandboxProcess.start(logFile);
    await sandbox.lusha(['After The Crash']);
    const after = await sandbox.calls();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.map(({ seq }) => seq)).toEqual(after.map((_, index) => index + 1));
    expect(after.at(-1)?.key).toBe('after the crash');
  });

  test('drops a line that a crash left torn', async () => {
    await sandbox.lusha(['Whole']);
    const before = await sandbox.calls();
    await sandbox.end('SIGKILL');
    appendFileSync(logFile, '{"seq":9999,"at":"2026-');
    sandbox = await SandboxProcess.start(logFile);
    await sandbox.lusha(['Next']);
    expect((await sandbox.calls(before.length)).map(({ seq, key }) => ({ seq, key }))).toEqual([
      { seq: before.length + 1, key: 'next' },
    ]);
  });

  test('is paged by since and limit, also far beyond the first thousand lines', async () => {
    await sandbox.admin('PUT', '/admin/limits', { provider: 'lusha', requestsPerSecond: null });
    const names = Array.from({ length: 100 }, (_, index) => `Company ${index}`);
    for (let call = 0; call < 25; call++) await sandbox.lusha(names);
    const page = await sandbox.adminJson<{ items: { seq: number }[]; next: number }>(
      'GET',
      '/admin/calls?since=2200&limit=3',
    );
    expect(page.items.map(({ seq }) => seq)).toEqual([2201, 2202, 2203]);
    expect(page.next).toBe(2203);
    const all = await sandbox.calls();
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
    const end = await sandbox.adminJson<{ items: unknown[]; next: number }>('GET', `/admin/calls?since=${all.length}`);
    expect(end).toEqual({ items: [], next: all.length });
  });
});
