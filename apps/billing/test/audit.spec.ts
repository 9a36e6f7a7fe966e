import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BillingServer } from './support/billing-server.js';

let billing: BillingServer;
let account: string;
let hold: string;
let capture: string;
beforeAll(async () => {
  billing = await BillingServer.start();
  account = await billing.account(100);
  const held = await billing.post(
    `/v1/accounts/${account}/holds`,
    { amount: 10, reference: 'job_1', ttlSeconds: 60 },
    'hold:job_1:1',
  );
  hold = held.body.id;
  const lines = [
    { cellVersionId: '7', amount: 2 },
    { cellVersionId: '8', amount: 1 },
  ];
  capture = (await billing.post(`/v1/holds/${hold}/captures`, { lines }, 'capture:job_1:0:1')).body.id;
  await billing.post(`/v1/captures/${capture}/refunds`, {}, `refund:${capture}`);
  await billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_1' }, 'close:job_1');
});
afterAll(() => billing.stop());

describe('the audit of an account', () => {
  test('lists its ledger with every posting, page by page, and balances that are the fold of them', async () => {
    const balances = { granted: 0, available: 0, held: 0, spent: 0 };
    const kinds: string[] = [];
    let cursor: string | null = '0';
    let last;
    while (cursor !== null) {
      last = (await billing.get(`/v1/accounts/${account}/audit/ledger?limit=2&after=${cursor}`)).body;
      for (const { kind, postings } of last.items) {
        kinds.push(kind);
        for (const { bucket, amount } of postings) {
          balances[bucket as keyof typeof balances] += bucket === 'granted' ? -amount : amount;
        }
      }
      cursor = last.nextCursor;
    }
    expect(kinds).toEqual(['grant', 'hold', 'capture', 'refund', 'release']);
    expect(last.account).toEqual({ ...balances, openHolds: 0 });
    expect((await billing.get(`/v1/accounts/${account}/audit/ledger?limit=1`)).body.items[0].keys).toHaveLength(1);
  });

  test('says of each line of the ledger what it is for, by the line and by its hold', async () => {
    const { items } = (await billing.get(`/v1/accounts/${account}/audit/ledger`)).body;
    const nothing = { reference: null, holdId: null, holdReference: null, captureId: null };
    const held = { reference: 'job_1', holdId: hold, holdReference: 'job_1', captureId: null };
    const captured = { ...held, captureId: capture };
    expect(items).toMatchObject([nothing, held, captured, captured, held]);
  });

  test('shows a reference with its holds, what the ledger posted for them and the keys that made them', async () => {
    const { body } = await billing.get(`/v1/accounts/${account}/audit/references/job_1`);
    expect(body).toEqual({
      closedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      holds: [
        {
          ...{ id: hold, amount: 10, captured: 3, released: 7, expired: 0, state: 'released' },
          keys: ['hold:job_1:1'],
          posted: { hold: 10, capture: 3, release: 7, refund: 3 },
          endings: 1,
        },
      ],
    });
    expect((await billing.get(`/v1/accounts/${account}/audit/references/other`)).body).toEqual({
      closedAt: null,
      holds: [],
    });
  });

  test('shows captures with lines and refunds, page by page', async () => {
    const path = `/v1/accounts/${account}/audit/references/job_1/captures`;
    const { body } = await billing.get(path);
    expect(body.items).toEqual([
      {
        ...{ id: capture, holdId: hold, amount: 3, afterClose: false, posted: { capture: 3, refund: 3 } },
        keys: ['capture:job_1:0:1'],
        refunds: [{ id: expect.any(String), amount: 3, keys: [`refund:${capture}`] }],
        lines: expect.arrayContaining([
          { cellVersionId: '7', amount: 2 },
          { cellVersionId: '8', amount: 1 },
        ]),
      },
    ]);
    expect((await billing.get(`${path}?after=${capture}`)).body).toEqual({ items: [], nextCursor: null });
  });

  test('of an account that nobody opened is a 404', async () => {
    expect((await billing.get('/v1/accounts/nobody/audit/ledger')).status).toBe(404);
  });
});

describe('the open holds', () => {
  test('are listed over all accounts, or of one, page by page, without those that are too young', async () => {
    const other = await billing.account(50);
    const open = [await billing.hold(other, 3, 'job_2'), await billing.hold(other, 4, 'job_3')].sort();
    const first = (await billing.get('/v1/holds?state=open&limit=1')).body;
    expect(first.items[0]).toMatchObject({
      id: open[0],
      accountId: other,
      captured: 0,
      ageSeconds: expect.any(Number),
    });
    const second = (await billing.get(`/v1/holds?state=open&limit=1&cursor=${first.nextCursor}`)).body;
    expect(second).toMatchObject({ items: [{ id: open[1] }], nextCursor: null });
    expect((await billing.get(`/v1/holds?state=open&accountId=${account}`)).body.items).toEqual([]);
    expect((await billing.get('/v1/holds?state=open&olderThanSeconds=60')).body.items).toEqual([]);
    expect((await billing.get('/v1/holds')).status).toBe(422);
  });
});
