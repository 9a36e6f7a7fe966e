import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BillingClient } from '../src/billing/billing.client.js';
import { readBooks } from '../src/jobs/books.js';
import { sealAndCapture } from '../src/jobs/job-credits.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { fenceJob } from '../src/jobs/job-state.js';
import { openPage } from '../src/pages/open-page.js';
import { billingForThisFile } from './billing-process.js';
import { losingAnswers, moneyFixture } from './money-fixture.js';
import type { MoneyFixture } from './money-fixture.js';

const billing = await billingForThisFile();
let fixture: MoneyFixture;
beforeEach(async () => {
  fixture = await moneyFixture(billing, { rows: 30, columns: 1, credits: 100 });
});
afterEach(() => fixture.stop());

const CLOSED = { closed: true, openHolds: 0, pendingCells: 0, differences: [] };
const books = (by: Fence) => readBooks(fixture.database, billing.client, by);
const balances = () => billing.account(fixture.workspaceId);
const generations = () =>
  fixture.admin<{ n: number; amount: number; confirmed: boolean }>(
    'select n, amount, hold_id is not null as confirmed from job_hold order by n',
  );

/** The hold's time passes; billing ends it at the next touch of the account. */
const letExpire = (by: Fence) =>
  billing.tamper(
    `update hold set expires_at = clock_timestamp() - interval '1 second' where reference = $1 and state = 'open'`,
    [by.jobId],
  );

/** A job with its first page of 20 cells filled, and its hold expired. */
async function expiredBeforeCapture(request: Record<string, unknown> = {}): Promise<Fence> {
  const by = await fixture.holding(request);
  await openPage(fixture.database, by, 0);
  await fixture.fillPage(by, 0);
  await letExpire(by);
  return by;
}

/** Somebody else spends what is available. */
async function drain(leave: number): Promise<void> {
  const { available } = await balances();
  const other = { workspaceId: fixture.workspaceId, jobId: `other-${available}`, n: 1, ttlSeconds: 3_600 };
  await billing.client.hold({ ...other, amount: available - leave });
}

/** Billing, with something that happens right before or after a call of this name. */
function around(
  name: 'hold' | 'capture',
  when: { before?: () => Promise<unknown>; after?: () => Promise<unknown> },
): { database: MoneyFixture['database']; billing: BillingClient } {
  const client = new Proxy(billing.client, {
    get: (target, property) => {
      const method = (Reflect.get(target, property) as (...args: unknown[]) => Promise<unknown>).bind(target);
      if (property !== name) return method;
      return async (...args: unknown[]) => {
        await when.before?.();
        const answer = await method(...args);
        await when.after?.();
        return answer;
      };
    },
  });
  return { ...fixture.money, billing: client };
}

describe('rule R5, a hold that expired', () => {
  test('is held again for what the job may still cost, and the page is captured from that', async () => {
    const by = await fixture.holding();
    await fixture.pay(by, 0);
    await openPage(fixture.database, by, 1);
    await fixture.fillPage(by, 1);
    await letExpire(by);
    expect(await balances()).toMatchObject({ available: 80, held: 0, spent: 20 });
    await sealAndCapture(fixture.money, by, [1]);
    expect(await generations()).toEqual([
      { n: 1, amount: 30, confirmed: true },
      { n: 2, amount: 10, confirmed: true },
    ]);
    expect((await fixture.view(by.jobId)).credits).toEqual({ held: 0, captured: 30, released: 0, refunded: 0 });
    expect(await fixture.complete(by)).toBe('completed');
    expect(await books(by)).toMatchObject({ ...CLOSED, capturedCells: 30 });
    expect(await balances()).toMatchObject({ available: 70, held: 0, spent: 30 });
  });

  test('counts open pages and the rest of the budget, and what is not used goes back', async () => {
    const by = await expiredBeforeCapture({ maxCredits: 25 });
    expect(await openPage(fixture.database, by, 1)).toEqual({ outcome: 'wait' });
    await sealAndCapture(fixture.money, by, [0]);
    expect(await generations()).toMatchObject([{ amount: 25 }, { amount: 25 }]);
    expect((await fixture.view(by.jobId)).credits).toMatchObject({ held: 5, captured: 20 });
    await fixture.pay(by, 1);
    expect(await fixture.complete(by)).toBe('completed');
    expect(await balances()).toMatchObject({ available: 75, held: 0, spent: 25 });
    expect(await books(by)).toMatchObject({ ...CLOSED, capturedCells: 25 });
  });

  test('expires again and again and the job still completes', async () => {
    const by = await expiredBeforeCapture();
    await sealAndCapture(fixture.money, by, [0]);
    await letExpire(by);
    await fixture.pay(by, 1);
    expect((await generations()).map(({ n }) => n)).toEqual([1, 2, 3]);
    await letExpire(by);
    expect(await fixture.complete(by)).toBe('completed');
    expect(await books(by)).toMatchObject({ ...CLOSED, capturedCells: 30 });
  });

  test('is one new generation however many captures find it', async () => {
    const by = await expiredBeforeCapture();
    await openPage(fixture.database, by, 1);
    await fixture.fillPage(by, 1);
    const tries = () =>
      Promise.allSettled([[0], [1], [0, 1], [1, 0]].map((pages) => sealAndCapture(fixture.money, by, pages)));
    await tries();
    await sealAndCapture(fixture.money, by, [0, 1]);
    expect(await generations()).toMatchObject([{ n: 1 }, { n: 2, amount: 30 }]);
    expect(await balances()).toMatchObject({ available: 70, held: 0, spent: 30 });
    expect(await fixture.complete(by)).toBe('completed');
    expect(await books(by)).toMatchObject({ ...CLOSED, capturedCells: 30 });
  });
});

describe('rule R5, a crash', () => {
  test('between the row and the call asks for the very same again, whatever changed meanwhile', async () => {
    const by = await expiredBeforeCapture();
    const crash = around('hold', { before: () => Promise.reject(new Error('killed')) });
    await expect(sealAndCapture(crash, by, [0])).rejects.toThrow('killed');
    expect(await generations()).toMatchObject([{ confirmed: true }, { n: 2, amount: 30, confirmed: false }]);
    expect((await fixture.view(by.jobId)).credits).toMatchObject({ held: 0, captured: 0 });
    await sealAndCapture(fixture.money, by, [0]);
    expect((await generations()).map(({ n }) => n)).toEqual([1, 2]);
    expect(await balances()).toMatchObject({ held: 10, spent: 20 });
  });

  test('between the answer of the hold and its note is one hold', async () => {
    const by = await expiredBeforeCapture();
    const lossy = { ...fixture.money, billing: losingAnswers(billing.client, ['hold']) };
    await expect(sealAndCapture(lossy, by, [0])).rejects.toThrow('The answer was lost');
    expect(await balances()).toMatchObject({ held: 30, spent: 0 });
    await sealAndCapture(fixture.money, by, [0]);
    expect((await generations()).map(({ n }) => n)).toEqual([1, 2]);
    expect(await balances()).toMatchObject({ held: 10, spent: 20 });
  });

  test('between the answer of the hold and its note, the hold expiring too, leads to the next generation', async () => {
    const by = await expiredBeforeCapture();
    const lossy = { ...fixture.money, billing: losingAnswers(billing.client, ['hold']) };
    await expect(sealAndCapture(lossy, by, [0])).rejects.toThrow('The answer was lost');
    await letExpire(by);
    await expect(sealAndCapture(fixture.money, by, [0])).rejects.toThrow('expired again');
    await sealAndCapture(fixture.money, by, [0]);
    expect((await generations()).map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(await fixture.complete(by)).toBe('completed');
    expect(await balances()).toMatchObject({ available: 80, held: 0, spent: 20 });
  });

  test('between a capture and its note, the hold expiring then, pays once and holds nothing again', async () => {
    const by = await fixture.holding();
    await openPage(fixture.database, by, 0);
    await fixture.fillPage(by, 0);
    const lossy = { ...fixture.money, billing: losingAnswers(billing.client, ['capture']) };
    await expect(sealAndCapture(lossy, by, [0])).rejects.toThrow('The answer was lost');
    await letExpire(by);
    await sealAndCapture(fixture.money, by, [0]);
    expect(await generations()).toHaveLength(1);
    expect(await balances()).toMatchObject({ available: 80, held: 0, spent: 20 });
    expect((await fixture.view(by.jobId)).credits).toMatchObject({ captured: 20 });
  });
});

describe('rule R5, what meets the expiry', () => {
  test.each([
    ['rollback', 0, 100],
    ['keep', 20, 80],
  ])(
    'without credits for the next generation the job fails; under %s so much stays: %i',
    async (onFailure, stays, left) => {
      const by = await fixture.holding({ onFailure });
      await fixture.pay(by, 0);
      await openPage(fixture.database, by, 1);
      await fixture.fillPage(by, 1);
      await letExpire(by);
      await drain(9);
      await expect(sealAndCapture(fixture.money, by, [1])).rejects.toMatchObject({ type: 'InsufficientCredits' });
      await expect(sealAndCapture(fixture.money, by, [1])).rejects.toMatchObject({ type: 'InsufficientCredits' });
      expect(await fixture.undo(by)).toBe('failed');
      const view = await fixture.view(by.jobId);
      expect(view.failure?.code).toBe('insufficient_credits');
      expect(view.failure?.message).toContain('It needs up to 10 more and 9 are available');
      expect(view.totals).toMatchObject({ filled: stays, open: 30 - stays, pending: 0 });
      expect(view.credits).toEqual({ held: 0, captured: 20, released: 10, refunded: 20 - stays });
      expect((await fixture.cells()).filter(({ status }) => status === 'filled')).toHaveLength(stays);
      expect(await books(by)).toMatchObject({ ...CLOSED, capturedCells: stays });
      await billing.client.closeReference(by.workspaceId, `other-80`);
      expect(await balances()).toMatchObject({ available: left, held: 0, spent: stays });
    },
  );

  test('an undo: a new generation that is on its way when the reference closes is refused or released', async () => {
    const by = await expiredBeforeCapture();
    const close = () => billing.client.closeReference(by.workspaceId, by.jobId);
    await expect(sealAndCapture(around('hold', { before: close }), by, [0])).rejects.toMatchObject({
      type: 'HoldEnded',
    });
    expect(await fixture.undo(by)).toBe('failed');
    expect(await books(by)).toMatchObject({ ...CLOSED, capturedCells: 0 });

    const other = await expiredBeforeCapture();
    const fence = () => fenceJob(fixture.database, other, 'compensation:1', { target: 'cancelled' });
    const late = around('hold', { after: fence });
    await expect(sealAndCapture(late, other, [0])).rejects.toMatchObject({ type: 'Superseded' });
    expect(await balances()).toMatchObject({ held: 30 });
    expect(await fixture.undo(other, 'cancelled')).toBe('cancelled');
    expect(await balances()).toMatchObject({ available: 100, held: 0, spent: 0 });
    expect(await books(other)).toMatchObject({ ...CLOSED, capturedCells: 0 });
  });

  test('a pause: the job holds again, and nothing is captured until it goes on', async () => {
    const by = await expiredBeforeCapture();
    const setState = (state: string) => fixture.admin('update job set state = $1 where id = $2', [state, by.jobId]);
    const pausing = around('hold', { after: () => setState('paused') });
    await expect(sealAndCapture(pausing, by, [0])).rejects.toThrow('paused');
    expect(await balances()).toMatchObject({ held: 30, spent: 0 });
    await setState('running');
    await sealAndCapture(fixture.money, by, [0]);
    expect(await balances()).toMatchObject({ held: 10, spent: 20 });
  });

  test('a keep: what was captured before the expiry stays and stays paid, though its answer was lost', async () => {
    const by = await fixture.holding({ onCancel: 'keep' });
    await openPage(fixture.database, by, 0);
    await fixture.fillPage(by, 0);
    const lossy = { ...fixture.money, billing: losingAnswers(billing.client, ['capture']) };
    await expect(sealAndCapture(lossy, by, [0])).rejects.toThrow('The answer was lost');
    await letExpire(by);
    expect(await fixture.undo(by, 'cancelled')).toBe('cancelled');
    expect(await books(by)).toMatchObject({ ...CLOSED, capturedCells: 20 });
    expect(await balances()).toMatchObject({ available: 80, held: 0, spent: 20 });
  });
});
