import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTestPool, waitUntil } from '@uno/testing';
import type pg from 'pg';
import { BillingServer } from './support/billing-server.js';

let billing: BillingServer;
/** The service's own role: it may see and end its connections, the database's owner may not. */
let sameRole: pg.Pool;
beforeAll(async () => {
  billing = await BillingServer.start();
  sameRole = openTestPool(billing.databaseUrl);
});
afterAll(async () => {
  await sameRole.end();
  await billing.stop();
});

describe('an idempotency key', () => {
  test('is required on every POST', async () => {
    for (const path of [
      '/v1/accounts/ws_1/grants',
      '/v1/accounts/ws_1/holds',
      '/v1/accounts/ws_1/holds/close',
      '/v1/holds/hold_1/captures',
      '/v1/holds/hold_1/renew',
      '/v1/captures/capture_1/refunds',
    ]) {
      const reply = await billing.send('POST', path, {});
      expect(reply).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } });
    }
    const tooLong = await billing.post('/v1/accounts/ws_1/grants', { amount: 1 }, 'k'.repeat(256));
    expect(tooLong).toMatchObject({ status: 400, body: { code: 'idempotency_key_invalid' } });
  });

  test('gives the same answer again for the same body, however its members are ordered', async () => {
    const account = await billing.account(100);
    const path = `/v1/accounts/${account}/holds`;
    const first = await billing.post(path, { amount: 5, reference: 'job_1', ttlSeconds: 60 }, 'hold:job_1:0');
    const second = await billing.post(path, { ttlSeconds: 60, reference: 'job_1', amount: 5 }, 'hold:job_1:0');
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect((await billing.get(`/v1/accounts/${account}`)).body.held).toBe(5);
  });

  test('is refused with 422 for another body, target or route, and has no effect', async () => {
    const account = await billing.account(100);
    const hold = await billing.hold(account, 5);
    const other = await billing.hold(account, 5);
    const lines = [{ cellVersionId: 'a', amount: 1 }];
    await billing.post(`/v1/holds/${hold}/captures`, { lines }, 'k');
    const attempts: [string, object][] = [
      [`/v1/holds/${hold}/captures`, { lines: [{ cellVersionId: 'b', amount: 1 }] }],
      [`/v1/holds/${other}/captures`, { lines }],
      [`/v1/accounts/${account}/grants`, { amount: 1 }],
    ];
    for (const [path, body] of attempts) {
      const reply = await billing.post(path, body, 'k');
      expect(reply).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    }
    const balances = await billing.get(`/v1/accounts/${account}`);
    expect(balances.body).toMatchObject({ granted: 100, spent: 1 });
  });

  test('belongs to its account', async () => {
    const [one, two] = [await billing.account(1), await billing.account(1)];
    expect((await billing.post(`/v1/accounts/${one}/grants`, { amount: 5 }, 'k')).status).toBe(201);
    expect((await billing.post(`/v1/accounts/${two}/grants`, { amount: 6 }, 'k')).status).toBe(201);
  });

  test('is answered 409 while its request runs, and with the stored answer afterwards', async () => {
    const account = await billing.account(1);
    const blocker = await billing.admin.connect();
    try {
      await blocker.query('begin');
      await blocker.query('select from account where id = $1 for update', [account]);
      const running = billing.post(`/v1/accounts/${account}/grants`, { amount: 5 }, 'k');
      await waitForLockWaiter();
      const meanwhile = await billing.post(`/v1/accounts/${account}/grants`, { amount: 5 }, 'k');
      expect(meanwhile).toMatchObject({ status: 409, body: { code: 'request_running' } });
      expect(meanwhile.headers.get('retry-after')).toBe('1');
      await blocker.query('commit');
      const first = await running;
      expect(first.status).toBe(201);
      const replayed = await billing.post(`/v1/accounts/${account}/grants`, { amount: 5 }, 'k');
      expect(replayed).toMatchObject({ status: 201, body: first.body });
      expect((await billing.get(`/v1/accounts/${account}`)).body.granted).toBe(6);
    } finally {
      blocker.release();
    }
  });

  test('is free again when its request died before it committed', async () => {
    const account = await billing.account(1);
    const blocker = await billing.admin.connect();
    try {
      await blocker.query('begin');
      await blocker.query('select from account where id = $1 for update', [account]);
      const dying = billing.post(`/v1/accounts/${account}/grants`, { amount: 5 }, 'k');
      await sameRole.query('select pg_terminate_backend($1)', [await waitForLockWaiter()]);
      await blocker.query('commit');
      expect(await dying).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
      expect((await billing.post(`/v1/accounts/${account}/grants`, { amount: 5 }, 'k')).status).toBe(201);
      expect((await billing.get(`/v1/accounts/${account}`)).body.granted).toBe(6);
    } finally {
      blocker.release();
    }
  });
});

/** Waits until a transaction of the service waits for a row lock; the id of its backend. */
async function waitForLockWaiter(): Promise<number> {
  return waitUntil(async () => {
    const waiting = await sameRole.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and application_name = 'billing' and wait_event_type = 'Lock'`,
    );
    return waiting.rows[0]?.pid;
  });
}
