import { connect } from 'node:net';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort, startProcess, startTestDatabase, type TestDatabase, waitUntil } from '@uno/testing';
import pg from 'pg';
import { MIGRATIONS, SERVICE_KEY } from './support/billing-server.js';

// What runs in production: the build.
const MAIN = join(import.meta.dirname, '../dist/main.js');

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase({ migrations: MIGRATIONS, role: 'uno_billing' });
});
afterAll(async () => {
  await database.stop();
});

/** Runs the process to its end with nothing in its environment but `env`. */
async function runToEnd(env: Record<string, string>): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

describe('the process', () => {
  test('ends with one line that names what is missing in its environment', async () => {
    const { code, output } = await runToEnd({ PORT: '0', BILLING_DATABASE_URL: 'not-a-url' });
    expect(code).toBe(1);
    expect(output).toBe('billing: BILLING_DATABASE_URL is malformed, BILLING_KEY is missing\n');
  });

  test('ends with an error when its database cannot be reached', async () => {
    const url = `postgresql://uno_billing:a-secret@127.0.0.1:${await freePort()}/billing`;
    const { code, output } = await runToEnd({ PORT: '0', BILLING_DATABASE_URL: url, BILLING_KEY: SERVICE_KEY });
    expect(code).toBe(1);
    expect(output).toContain('ECONNREFUSED');
    expect(output).not.toContain('a-secret');
  });

  test('answers what is in flight before it ends on SIGTERM, and writes no secret into its log', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const billing = await startProcess({
      command: process.execPath,
      args: [MAIN],
      env: { PORT: String(port), BILLING_DATABASE_URL: database.url, BILLING_KEY: SERVICE_KEY, LOG_LEVEL: 'trace' },
      readyUrl: `${url}/health/ready`,
    });
    const grant = async (): Promise<Response> =>
      fetch(`${url}/v1/accounts/ws_1/grants`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${SERVICE_KEY}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': `key-${Math.random()}`,
        },
        body: JSON.stringify({ amount: 3, note: 'canary-note' }),
      });
    expect((await grant()).status).toBe(201);
    const owner = new pg.Client({ connectionString: database.adminUrl });
    await owner.connect();
    await owner.query('begin');
    await owner.query(`select from account where id = 'ws_1' for update`);
    const inFlight = grant();
    await waitUntil(async () => {
      // Of this database alone: other test files wait for locks on the same server.
      const waiting = await owner.query(
        `select from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()`,
      );
      return waiting.rowCount === 1;
    });
    process.kill(billing.pid, 'SIGTERM');
    // The second signal of the same kind changes nothing.
    const ended = billing.kill('SIGTERM');
    // A new connection each time: requests on a kept-alive one are still answered and would keep the drain waiting.
    await waitUntil(() => refusesConnections(port));
    await owner.query('commit');
    expect((await inFlight).status).toBe(201);
    expect(await ended).toMatchObject({ code: 0 });
    await owner.end();
    expect(billing.output()).toContain('/v1/accounts/:accountId/grants');
    for (const secret of [SERVICE_KEY, 'canary-note', 'test-only']) {
      expect(billing.output()).not.toContain(secret);
    }
  });
});

function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}
