import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort, startProcess, startTestDatabase } from '@uno/testing';
import type { TestDatabase } from '@uno/testing';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url));
const OPERATOR_KEY = 'operator-key-of-this-test';
const MIB = 1024 * 1024;
/** UNO_IMPORT_MIB=200 measures the size that the product promises; this one finds what grows with the file. */
const LARGE_MIB = Number(process.env['UNO_IMPORT_MIB'] ?? 40);

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase({ migrations: MIGRATIONS, role: 'uno_app' });
});
afterAll(() => database.stop());

function* companies(bytes: number): Generator<Buffer> {
  yield Buffer.from('name,domain,city,note\n');
  for (let sent = 0, no = 0; sent < bytes;) {
    let text = '';
    while (text.length < 65_536) {
      no += 1;
      text += `Company ${no},company${no}.example,Zürich,"A note, with a comma and some words about company ${no}"\n`;
    }
    sent += text.length;
    yield Buffer.from(text);
  }
}

/** Most memory that a fresh API process ever had, in MiB, once it has imported a file of that size. */
async function peakOfImport(mib: number): Promise<number> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const api = await startProcess({
    command: process.execPath,
    args: [MAIN],
    env: {
      PORT: String(port),
      DATABASE_URL: database.url,
      BILLING_URL: 'http://127.0.0.1:1',
      BILLING_KEY: 'none',
      OPERATOR_KEY,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      LOG_LEVEL: 'silent',
    },
    readyUrl: `${url}/health/ready`,
  });
  try {
    const post = async (path: string, key: string, init: RequestInit): Promise<Record<string, unknown>> => {
      const headers = { 'content-type': 'application/json', ...init.headers, authorization: `Bearer ${key}` };
      return (await fetch(`${url}${path}`, { method: 'POST', ...init, headers })).json() as Promise<never>;
    };
    const { apiKey } = await post('/internal/v1/workspaces', OPERATOR_KEY, { body: '{"name":"Test"}' });
    const list = await post('/v1/lists', String(apiKey), { body: '{"name":"Test","entityType":"company"}' });
    const body = Readable.toWeb(Readable.from(companies(mib * MIB))) as ReadableStream;
    const file = { body, duplex: 'half', headers: { 'content-type': 'text/csv' } } as RequestInit;
    expect(await post(`/v1/lists/${String(list['id'])}/import`, String(apiKey), file)).toMatchObject({
      rejectedCount: 0,
    });
    const status = readFileSync(`/proc/${api.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  } finally {
    await api.kill();
  }
}

// Only Linux tells the peak of another process.
const measurable = existsSync('/proc/self/status');
const because = measurable ? '' : ' (skipped: no /proc on this system)';
(measurable ? test : test.skip)(
  `a large file takes at most 64 MiB of memory more than a small one${because}`,
  async () => {
    const small = await peakOfImport(2);
    expect((await peakOfImport(LARGE_MIB)) - small).toBeLessThanOrEqual(64);
  },
  600_000,
);
