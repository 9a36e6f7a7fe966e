import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BillingServer } from './support/billing-server.js';

let billing: BillingServer;
beforeAll(async () => {
  billing = await BillingServer.start();
});
afterAll(async () => {
  await billing.stop();
});

describe('a grant', () => {
  test('opens the account and adds credits', async () => {
    expect((await billing.get('/v1/accounts/ws_1')).body).toMatchObject({ status: 404, code: 'account_not_found' });
    await billing.post('/v1/accounts/ws_1/grants', { amount: 5 });
    const reply = await billing.post('/v1/accounts/ws_1/grants', { amount: 7, note: 'welcome' });
    const account = { id: 'ws_1', granted: 12, available: 12, held: 0, spent: 0 };
    expect(reply).toMatchObject({ status: 201, body: { id: expect.any(String), amount: 7, account } });
    expect((await billing.get('/v1/accounts/ws_1')).body).toEqual(account);
  });

  test.each([[{ amount: 0 }], [{ amount: -1 }], [{ amount: 1.5 }], [{ amount: '5' }], [{}], [[]]])(
    'of %j is refused with 422',
    async (body) => {
      const reply = await billing.post('/v1/accounts/ws_2/grants', body);
      expect(reply).toMatchObject({ status: 422, body: { code: 'invalid_request', errors: [expect.anything()] } });
    },
  );

  test('beyond what can be counted exactly is refused, and nothing is added', async () => {
    const account = await billing.account(1);
    await billing.admin.query(
      `with e as (insert into entry (account_id, kind, amount) values ($1, 'grant', 9007199254740000) returning id, amount)
       insert into posting (entry_id, account_id, bucket, amount)
       select id, $1, 'granted', -amount from e union all select id, $1, 'available', amount from e`,
      [account],
    );
    const reply = await billing.post(`/v1/accounts/${account}/grants`, { amount: 1_000 });
    expect(reply).toMatchObject({ status: 422, body: { code: 'balance_too_large' } });
    expect((await billing.get(`/v1/accounts/${account}`)).body.granted).toBe(9_007_199_254_740_001);
  });
});

describe('the ledger', () => {
  test('is paged newest first, each line once, while lines are added', async () => {
    const account = await billing.account(1);
    for (const amount of [2, 3, 4, 5]) {
      await billing.post(`/v1/accounts/${account}/grants`, { amount });
    }
    const first = await billing.get(`/v1/accounts/${account}/entries?limit=2`);
    expect(first.body.items.map((item: { amount: number }) => item.amount)).toEqual([5, 4]);
    await billing.post(`/v1/accounts/${account}/grants`, { amount: 6 });
    const second = await billing.get(`/v1/accounts/${account}/entries?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.items.map((item: { amount: number }) => item.amount)).toEqual([3, 2]);
    const last = await billing.get(`/v1/accounts/${account}/entries?limit=2&cursor=${second.body.nextCursor}`);
    expect(last.body).toMatchObject({ items: [{ kind: 'grant', amount: 1 }], nextCursor: null });
  });

  test('refuses a limit or a cursor that it did not give, and an account that is not there', async () => {
    const account = await billing.account();
    expect((await billing.get(`/v1/accounts/${account}/entries?limit=0`)).status).toBe(422);
    expect((await billing.get(`/v1/accounts/${account}/entries?cursor=abc`)).status).toBe(422);
    expect((await billing.get('/v1/accounts/ws_none/entries')).status).toBe(404);
  });
});
