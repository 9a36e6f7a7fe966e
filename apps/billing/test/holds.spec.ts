import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BillingServer } from './support/billing-server.js';

let billing: BillingServer;
beforeAll(async () => {
  billing = await BillingServer.start();
});
afterAll(async () => {
  await billing.stop();
});

describe('a hold', () => {
  test('sets credits aside', async () => {
    const account = await billing.account(100);
    const before = Date.now();
    const reply = await billing.post(`/v1/accounts/${account}/holds`, {
      amount: 60,
      reference: 'job_1',
      ttlSeconds: 60,
    });
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      id: expect.stringMatching(/^hold_/),
      accountId: account,
      reference: 'job_1',
      amount: 60,
      captured: 0,
      released: 0,
      expired: 0,
      state: 'open',
      expiresAt: expect.any(String),
    });
    expect(Date.parse(reply.body.expiresAt) - before).toBeGreaterThan(50_000);
    expect((await billing.get(`/v1/accounts/${account}`)).body).toEqual({
      id: account,
      granted: 100,
      available: 40,
      held: 60,
      spent: 0,
    });
  });

  test('is refused with 402 and what is available when the account is short, and that stays the answer of its key', async () => {
    const account = await billing.account(10);
    const body = { amount: 11, reference: 'job_1', ttlSeconds: 60 };
    const refused = await billing.post(`/v1/accounts/${account}/holds`, body, 'hold:job_1:0');
    expect(refused.status).toBe(402);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body).toMatchObject({ status: 402, code: 'insufficient_credits', available: 10, required: 11 });
    await billing.post(`/v1/accounts/${account}/grants`, { amount: 100 });
    expect(await billing.post(`/v1/accounts/${account}/holds`, body, 'hold:job_1:0')).toMatchObject({
      status: 402,
      body: refused.body,
    });
    expect((await billing.post(`/v1/accounts/${account}/holds`, body, 'hold:job_1:1')).status).toBe(201);
  });

  test('is refused with 402 on an account that has had no grant', async () => {
    const reply = await billing.post('/v1/accounts/ws_new/holds', { amount: 1, reference: 'job_1', ttlSeconds: 60 });
    expect(reply).toMatchObject({ status: 402, body: { code: 'insufficient_credits', available: 0, required: 1 } });
  });

  test('that has expired frees its rest at the next touch of the account, and says so in the ledger', async () => {
    const account = await billing.account(10);
    const hold = await billing.hold(account, 8);
    await billing.post(`/v1/holds/${hold}/captures`, { lines: [{ cellVersionId: 'a', amount: 3 }] });
    await billing.letExpire(hold);
    expect((await billing.get(`/v1/accounts/${account}`)).body).toMatchObject({ available: 7, held: 0, spent: 3 });
    const listed = await billing.get(`/v1/accounts/${account}/holds?reference=job_1`);
    expect(listed.body.items[0]).toMatchObject({ state: 'expired', captured: 3, expired: 5, released: 0 });
    const ledger = await billing.get(`/v1/accounts/${account}/entries?limit=1`);
    expect(ledger.body.items[0]).toMatchObject({ kind: 'expire', amount: 5, reference: 'job_1', holdId: hold });
  });

  test('can be renewed while it is open, and is never shortened', async () => {
    const account = await billing.account(10);
    const hold = await billing.hold(account, 8);
    const renewed = await billing.post(`/v1/holds/${hold}/renew`, { ttlSeconds: 7_200 });
    expect(renewed).toMatchObject({ status: 200, body: { id: hold, state: 'open' } });
    const shorter = await billing.post(`/v1/holds/${hold}/renew`, { ttlSeconds: 1 });
    expect(shorter.body.expiresAt).toBe(renewed.body.expiresAt);
  });

  test('cannot be renewed after its end', async () => {
    const account = await billing.account(10);
    const expired = await billing.hold(account, 4);
    await billing.letExpire(expired);
    const released = await billing.hold(account, 4, 'job_2');
    await billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_2' });
    for (const hold of [expired, released]) {
      const reply = await billing.post(`/v1/holds/${hold}/renew`, { ttlSeconds: 60 });
      expect(reply).toMatchObject({ status: 409, body: { code: 'hold_ended' } });
    }
  });

  test('stays ended when a renewal comes again after its end, and when one races with its end', async () => {
    const account = await billing.account(10);
    const hold = await billing.hold(account, 4);
    const renew = (key: string) => billing.post(`/v1/holds/${hold}/renew`, { ttlSeconds: 3_600 }, key);
    const first = await renew('renew:job_1:1:1');
    await billing.letExpire(hold);
    expect(await renew('renew:job_1:1:1')).toMatchObject({ status: 200, body: first.body });
    expect(await renew('renew:job_1:1:2')).toMatchObject({ status: 409, body: { code: 'hold_ended' } });
    expect((await billing.get(`/v1/accounts/${account}`)).body).toMatchObject({ available: 10, held: 0 });

    const racing = await billing.hold(account, 4, 'job_2');
    await Promise.all([
      billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_2' }),
      ...[1, 2, 3, 4].map(() => billing.post(`/v1/holds/${racing}/renew`, { ttlSeconds: 60 })),
    ]);
    expect((await billing.get(`/v1/accounts/${account}`)).body).toMatchObject({ available: 10, held: 0 });
  });

  test('that does not exist is 404', async () => {
    expect(await billing.post('/v1/holds/hold_none/renew', { ttlSeconds: 60 })).toMatchObject({
      status: 404,
      body: { code: 'hold_not_found' },
    });
  });
});

describe('the close of a reference', () => {
  test('releases every open hold of it and answers the same for ever, under any key', async () => {
    const account = await billing.account(100);
    const first = await billing.hold(account, 30);
    await billing.post(`/v1/holds/${first}/captures`, { lines: [{ cellVersionId: 'a', amount: 10 }] });
    const second = await billing.hold(account, 5);
    const closed = await billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_1' }, 'close:job_1');
    expect(closed).toMatchObject({
      status: 200,
      body: {
        reference: 'job_1',
        released: 25,
        holds: [
          { id: first, state: 'released', captured: 10, released: 20 },
          { id: second, state: 'released', captured: 0, released: 5 },
        ],
      },
    });
    expect((await billing.get(`/v1/accounts/${account}`)).body).toMatchObject({ available: 90, held: 0, spent: 10 });
    for (const key of ['close:job_1', 'another']) {
      const again = await billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_1' }, key);
      expect(again).toMatchObject({ status: 200, body: closed.body });
    }
  });

  test('leaves a tombstone where there is no hold: a later hold of any generation is refused', async () => {
    const account = await billing.account(100);
    const closed = await billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_9' });
    expect(closed).toMatchObject({ status: 200, body: { reference: 'job_9', released: 0, holds: [] } });
    for (const key of ['hold:job_9:0', 'hold:job_9:1']) {
      const late = { amount: 1, reference: 'job_9', ttlSeconds: 60 };
      const refused = await billing.post(`/v1/accounts/${account}/holds`, late, key);
      expect(refused).toMatchObject({ status: 409, body: { code: 'reference_closed' } });
    }
  });

  test('works on an account that has had no grant', async () => {
    const closed = await billing.post('/v1/accounts/ws_poor/holds/close', { reference: 'job_1' });
    expect(closed).toMatchObject({ status: 200, body: { released: 0 } });
  });

  test('refuses later captures, also of a hold that had expired before', async () => {
    const account = await billing.account(100);
    const expired = await billing.hold(account, 5);
    await billing.letExpire(expired);
    const open = await billing.hold(account, 5);
    await billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_1' });
    for (const hold of [expired, open]) {
      const reply = await billing.post(`/v1/holds/${hold}/captures`, { lines: [{ cellVersionId: 'a', amount: 1 }] });
      expect(reply).toMatchObject({ status: 409, body: { code: 'reference_closed' } });
    }
  });
});

describe('the list of holds', () => {
  test('needs a reference, and an account that exists', async () => {
    const account = await billing.account();
    expect(await billing.get(`/v1/accounts/${account}/holds`)).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', errors: [{ pointer: '/reference' }] },
    });
    expect((await billing.get('/v1/accounts/ws_none/holds?reference=job_1')).status).toBe(404);
    expect((await billing.get(`/v1/accounts/${account}/holds?reference=job_1`)).body).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  test('comes in pages of captures, each capture once, with holds that have none', async () => {
    const account = await billing.account(100);
    const expected = new Map<string, string[]>();
    for (const captures of [0, 3, 2, 0]) {
      const hold = await billing.hold(account, 5);
      expected.set(hold, []);
      for (let no = 0; no < captures; no += 1) {
        const lines = [{ cellVersionId: `${hold} ${no}`, amount: 1 }];
        const reply = await billing.post(`/v1/holds/${hold}/captures`, { lines });
        expected.get(hold)?.push(reply.body.id);
      }
    }
    const found = new Map<string, string[]>();
    const path = `/v1/accounts/${account}/holds?reference=job_1&limit=2`;
    let pages = 0;
    for (let cursor: string | null = ''; cursor !== null; pages += 1) {
      const { body } = await billing.get(cursor === '' ? path : `${path}&cursor=${cursor}`);
      for (const { id, captures } of body.items) {
        found.set(id, [...(found.get(id) ?? []), ...captures.map((capture: { id: string }) => capture.id)]);
      }
      cursor = body.nextCursor;
    }
    expect(pages).toBe(4);
    const sorted = (holds: Map<string, string[]>) => [...holds].map(([id, ids]) => [id, [...ids].sort()]).sort();
    expect(sorted(found)).toEqual(sorted(expected));
    for (const bad of ['limit=0', 'limit=101', 'cursor=x', 'cursor=hold_1.capture_1']) {
      expect((await billing.get(`/v1/accounts/${account}/holds?reference=job_1&${bad}`)).status).toBe(422);
    }
  });
});
