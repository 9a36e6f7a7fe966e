import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BillingServer } from './support/billing-server.js';

let billing: BillingServer;
beforeAll(async () => {
  billing = await BillingServer.start();
});
afterAll(async () => {
  await billing.stop();
});

const line = (cellVersionId: string, amount = 1) => ({
  cellVersionId,
  amount,
  jobId: 'job_1',
  pageNo: 1,
  columnId: 'col_1',
});

describe('a capture', () => {
  test('spends credits of its hold', async () => {
    const account = await billing.account(100);
    const hold = await billing.hold(account, 10);
    const reply = await billing.post(`/v1/holds/${hold}/captures`, { lines: [line('a', 2), line('b', 3)] });
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      id: expect.stringMatching(/^capture_/),
      holdId: hold,
      amount: 5,
      lines: 2,
      alreadyCaptured: 0,
    });
    const balances = await billing.get(`/v1/accounts/${account}`);
    expect(balances.body).toMatchObject({ granted: 100, available: 90, held: 5, spent: 5 });
  });

  test('counts lines that were captured before as success and does not charge them again, in any hold', async () => {
    const account = await billing.account(100);
    const first = await billing.hold(account, 10);
    await billing.post(`/v1/holds/${first}/captures`, { lines: [line('a'), line('b')] });
    const second = await billing.hold(account, 10, 'job_2');
    const reply = await billing.post(`/v1/holds/${second}/captures`, { lines: [line('b'), line('c')] });
    expect(reply).toMatchObject({ status: 201, body: { amount: 1, lines: 1, alreadyCaptured: 1 } });
    const again = await billing.post(`/v1/holds/${second}/captures`, { lines: [line('a'), line('c')] });
    expect(again).toMatchObject({ status: 201, body: { amount: 0, lines: 0, alreadyCaptured: 2 } });
    expect((await billing.get(`/v1/accounts/${account}`)).body.spent).toBe(3);
  });

  test('of what was captured before succeeds also after the end of its hold, until the reference is closed', async () => {
    const account = await billing.account(100);
    const hold = await billing.hold(account, 10);
    const capture = (lines: object[]) => billing.post(`/v1/holds/${hold}/captures`, { lines });
    await capture([line('a'), line('b')]);
    await billing.letExpire(hold);
    expect(await capture([line('a'), line('b')])).toMatchObject({
      status: 201,
      body: { amount: 0, alreadyCaptured: 2 },
    });
    expect(await capture([line('a'), line('c')])).toMatchObject({ status: 409, body: { code: 'hold_ended' } });
    expect((await billing.get(`/v1/accounts/${account}`)).body).toMatchObject({ available: 98, held: 0, spent: 2 });
    await billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_1' });
    expect(await capture([line('a')])).toMatchObject({ status: 409, body: { code: 'reference_closed' } });
  });

  test('is explained in the ledger down to job, page and column', async () => {
    const account = await billing.account(100);
    const hold = await billing.hold(account, 20);
    const lines = [
      { ...line('a', 2), rowId: 'row_1' },
      { ...line('b', 2), pageNo: 2 },
      { ...line('c', 1), columnId: 'col_2' },
      { ...line('d', 1), columnId: 'col_2' },
    ];
    const { body: capture } = await billing.post(`/v1/holds/${hold}/captures`, { lines });
    const { body: ledger } = await billing.get(`/v1/accounts/${account}/entries`);
    const common = { kind: 'capture', reference: 'job_1', jobId: 'job_1', captureId: capture.id, holdId: hold };
    const entry = (members: object) => ({ ...common, id: expect.any(String), at: expect.any(String), ...members });
    expect(ledger.items.filter((item: { kind: string }) => item.kind === 'capture')).toEqual([
      entry({ pageNo: 2, columnId: 'col_1', amount: 2 }),
      entry({ pageNo: 1, columnId: 'col_2', amount: 2 }),
      entry({ pageNo: 1, columnId: 'col_1', amount: 2 }),
    ]);
    const stored = await billing.admin.query('select attributes from capture_line where cell_version_id = $1', ['a']);
    expect(stored.rows).toContainEqual({ attributes: { rowId: 'row_1' } });
  });

  test('that costs more than its hold has left is refused as a whole', async () => {
    const account = await billing.account(100);
    const hold = await billing.hold(account, 2);
    const reply = await billing.post(`/v1/holds/${hold}/captures`, { lines: [line('a', 2), line('b', 1)] });
    expect(reply).toMatchObject({ status: 422, body: { code: 'exceeds_hold', available: 2, required: 3 } });
    expect((await billing.get(`/v1/accounts/${account}`)).body.spent).toBe(0);
    expect((await billing.post(`/v1/holds/${hold}/captures`, { lines: [line('a', 2)] })).status).toBe(201);
  });

  test('is refused with 409 when its hold has expired; a new hold of the reference takes the lines', async () => {
    const account = await billing.account(100);
    const expired = await billing.hold(account, 5);
    await billing.post(`/v1/holds/${expired}/captures`, { lines: [line('a')] });
    await billing.letExpire(expired);
    const lines = [line('a'), line('b')];
    const refused = await billing.post(`/v1/holds/${expired}/captures`, { lines });
    expect(refused).toMatchObject({ status: 409, body: { code: 'hold_ended' } });
    const next = await billing.hold(account, 5);
    const reply = await billing.post(`/v1/holds/${next}/captures`, { lines });
    expect(reply).toMatchObject({ status: 201, body: { amount: 1, lines: 1, alreadyCaptured: 1 } });
  });

  test('takes 10,000 lines at once, and not one more', async () => {
    const account = await billing.account(20_000);
    const hold = await billing.hold(account, 20_000);
    const lines = Array.from({ length: 10_001 }, (_, index) => ({
      ...line(`cell_version_${String(index).padStart(40, '0')}`, 2),
      rowId: `row_${String(index).padStart(40, '0')}`,
    }));
    const tooMany = await billing.post(`/v1/holds/${hold}/captures`, { lines });
    expect(tooMany).toMatchObject({ status: 422, body: { code: 'invalid_request', errors: [{ pointer: '/lines' }] } });
    const reply = await billing.post(`/v1/holds/${hold}/captures`, { lines: lines.slice(1) });
    expect(reply).toMatchObject({ status: 201, body: { amount: 20_000, lines: 10_000, alreadyCaptured: 0 } });
  });

  test('names the line that does not fit the schema', async () => {
    const account = await billing.account();
    const hold = await billing.hold(account, 5);
    const reply = await billing.post(`/v1/holds/${hold}/captures`, {
      lines: [line('a'), { ...line('b'), amount: 0.5 }],
    });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer: '/lines/1/amount' }] } });
    const twice = await billing.post(`/v1/holds/${hold}/captures`, { lines: [line('a'), line('a')] });
    expect(twice).toMatchObject({ status: 422, body: { errors: [{ pointer: '/lines' }] } });
  });

  test('of a hold that does not exist is 404', async () => {
    const reply = await billing.post('/v1/holds/hold_none/captures', { lines: [line('a')] });
    expect(reply).toMatchObject({ status: 404, body: { code: 'hold_not_found' } });
  });
});

describe('a refund', () => {
  test('gives the whole capture back to available, once, also after the close', async () => {
    const account = await billing.account(100);
    const hold = await billing.hold(account, 10);
    const { body: capture } = await billing.post(`/v1/holds/${hold}/captures`, { lines: [line('a', 4)] });
    await billing.post(`/v1/accounts/${account}/holds/close`, { reference: 'job_1' });
    const refund = await billing.post(`/v1/captures/${capture.id}/refunds`, {}, `refund:${capture.id}`);
    expect(refund.status).toBe(201);
    expect(refund.body).toEqual({ id: expect.stringMatching(/^refund_/), captureId: capture.id, amount: 4 });
    const again = await billing.post(`/v1/captures/${capture.id}/refunds`, {}, `refund:${capture.id}`);
    expect(again).toMatchObject({ status: 201, body: refund.body });
    const other = await billing.post(`/v1/captures/${capture.id}/refunds`, {});
    expect(other).toMatchObject({ status: 409, body: { code: 'already_refunded' } });
    const balances = await billing.get(`/v1/accounts/${account}`);
    expect(balances.body).toMatchObject({ granted: 100, available: 100, held: 0, spent: 0 });
    const ledger = await billing.get(`/v1/accounts/${account}/entries?limit=1`);
    expect(ledger.body.items[0]).toMatchObject({ kind: 'refund', amount: 4, columnId: 'col_1', captureId: capture.id });
  });

  test('needs no body', async () => {
    const account = await billing.account();
    const hold = await billing.hold(account, 5);
    const { body: capture } = await billing.post(`/v1/holds/${hold}/captures`, { lines: [line('a')] });
    const reply = await billing.send('POST', `/v1/captures/${capture.id}/refunds`, {
      headers: { 'Idempotency-Key': 'k' },
    });
    expect(reply.status).toBe(201);
  });

  test('leaves the capture listed and flagged, and its cell versions captured', async () => {
    const account = await billing.account();
    const hold = await billing.hold(account, 5);
    const { body: kept } = await billing.post(`/v1/holds/${hold}/captures`, { lines: [line('b'), line('a')] });
    const { body: undone } = await billing.post(`/v1/holds/${hold}/captures`, { lines: [line('c')] });
    await billing.post(`/v1/captures/${undone.id}/refunds`, {});
    const listed = await billing.get(`/v1/accounts/${account}/holds?reference=job_1`);
    expect(listed.body.items).toMatchObject([
      {
        id: hold,
        captures: [
          { id: kept.id, amount: 2, refunded: false, cellVersionIds: ['a', 'b'] },
          { id: undone.id, amount: 1, refunded: true, cellVersionIds: ['c'] },
        ],
      },
    ]);
    const reply = await billing.post(`/v1/holds/${hold}/captures`, { lines: [line('c')] });
    expect(reply.body).toMatchObject({ amount: 0, alreadyCaptured: 1 });
  });

  test('of a capture that does not exist is 404', async () => {
    const reply = await billing.post('/v1/captures/capture_none/refunds', {});
    expect(reply).toMatchObject({ status: 404, body: { code: 'capture_not_found' } });
  });
});
