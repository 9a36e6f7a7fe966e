import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import { BillingServer, SERVICE_KEY } from './support/billing-server.js';

let billing: BillingServer;
beforeAll(async () => {
  billing = await BillingServer.start({ expirySweepSeconds: 0.1 });
});
afterAll(async () => {
  await billing.stop();
});

describe('the service', () => {
  test.each(['', 'Bearer wrong', `Basic ${SERVICE_KEY}`, SERVICE_KEY])(
    'lets nobody in with %j',
    async (authorization) => {
      const reply = await billing.get('/v1/accounts/ws_1', { Authorization: authorization });
      expect(reply).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
      expect(reply.headers.get('content-type')).toContain('application/problem+json');
    },
  );

  test('shows health and metrics without a key', async () => {
    const keyless = { Authorization: '' };
    expect(await billing.get('/health/live', keyless)).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await billing.get('/health/ready', keyless)).toMatchObject({ status: 200, body: { status: 'ok' } });
    const metrics = await billing.get('/metrics', keyless);
    expect(metrics.status).toBe(200);
    expect(metrics.body).toContain(
      'billing_http_request_duration_seconds_count{method="GET",route="/health/ready",status="200"}',
    );
  });

  test('answers what it cannot read or does not know with a problem', async () => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'k' };
    const path = '/v1/accounts/ws_1/grants';
    const malformed = await billing.send('POST', path, { headers, body: '{' });
    expect(malformed).toMatchObject({ status: 400, body: { code: 'malformed_body' } });
    const large = await billing.send('POST', path, { headers, body: JSON.stringify({ note: 'x'.repeat(11_000_000) }) });
    expect(large).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    expect(await billing.get('/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    const nul = await billing.get('/v1/accounts/a%00b');
    expect(nul).toMatchObject({ status: 422, body: { errors: [{ pointer: '/accountId' }] } });
  });

  test('ends expired holds on accounts that nobody touches', async () => {
    const account = await billing.account(10);
    const hold = await billing.hold(account, 4);
    await billing.letExpire(hold);
    await waitUntil(async () => {
      const { rows } = await billing.admin.query('select state from hold where id = $1', [hold]);
      return rows[0].state === 'expired';
    });
    const balances = await billing.admin.query('select available, held from account where id = $1', [account]);
    expect(balances.rows[0]).toEqual({ available: '10', held: '0' });
  });
});
