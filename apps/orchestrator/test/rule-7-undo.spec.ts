import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { holdCredits, releaseHold, sealAndCapture } from '../src/jobs/job-credits.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { completeJob, fenceJob, finishJob } from '../src/jobs/job-state.js';
import { readBooks } from '../src/jobs/books.js';
import { refundCaptures, restorePages } from '../src/jobs/undo-credits.js';
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
const books = (by: { workspaceId: string; jobId: string }) => readBooks(fixture.database, billing.client, by);

describe('rule R7, the undo', () => {
  test('rollback gives every cell its former value back, refunds all, and closes the hold for ever', async () => {
    const first = await fixture.holding();
    await fixture.pay(first, 0);
    await fixture.pay(first, 1);
    await fixture.complete(first);
    const before = await fixture.cells();

    const by = await fixture.holding();
    await fixture.pay(by, 0);
    await openPage(fixture.database, by, 1);
    expect(await fixture.undo(by)).toBe('failed');
    expect(await fixture.cells()).toEqual(before);
    expect(await books(by)).toMatchObject({ ...CLOSED, capturedCells: 0, billableFilledCells: 0 });
    expect(await books(first)).toMatchObject({ ...CLOSED, capturedCells: 30, billableFilledCells: 30 });
    expect(await billing.account(by.workspaceId)).toMatchObject({ available: 70, held: 0, spent: 30 });
    expect((await fixture.view(by.jobId)).credits).toEqual({ held: 0, captured: 20, released: 10, refunded: 20 });
    const late = { workspaceId: by.workspaceId, jobId: by.jobId, n: 2, amount: 1, ttlSeconds: 60 };
    expect(await billing.client.hold(late)).toEqual({ outcome: 'closed' });
  });

  test('keep leaves what billing lists as captured, even where the answer was lost, and restores all else', async () => {
    const by = await fixture.holding({ onCancel: 'keep' });
    await openPage(fixture.database, by, 0);
    await fixture.fillPage(by, 0);
    const lossy = { ...fixture.money, billing: losingAnswers(billing.client, ['capture']) };
    await expect(sealAndCapture(lossy, by, [0])).rejects.toThrow('The answer was lost');
    await openPage(fixture.database, by, 1);
    await fixture.fillPage(by, 1);
    expect(await fixture.undo(by, 'cancelled')).toBe('cancelled');
    const cells = await fixture.cells();
    expect(cells.filter(({ status }) => status === 'filled')).toHaveLength(20);
    expect(cells.filter(({ status, value }) => status === 'blank' && value === null)).toHaveLength(10);
    expect(await books(by)).toMatchObject({ ...CLOSED, capturedCells: 20 });
    expect(await billing.account(by.workspaceId)).toMatchObject({ available: 80, held: 0, spent: 20 });
    const { totals, credits } = await fixture.view(by.jobId);
    expect(totals).toMatchObject({ filled: 20, open: 10, pending: 0 });
    expect(credits).toEqual({ held: 0, captured: 20, released: 10, refunded: 0 });
  });

  test('a capture in flight at the fence is refunded', async () => {
    const by = await fixture.holding();
    await openPage(fixture.database, by, 0);
    await fixture.fillPage(by, 0);
    const fencing = {
      ...fixture.money,
      billing: new Proxy(billing.client, {
        get: (client, name) => {
          if (name !== 'capture') return (Reflect.get(client, name) as () => unknown).bind(client);
          return async (...[request]: Parameters<typeof client.capture>) => {
            await fenceJob(fixture.database, by, 'compensation:1', { target: 'failed', failure: { code: 'internal' } });
            return client.capture(request);
          };
        },
      }),
    };
    await expect(sealAndCapture(fencing, by, [0])).rejects.toMatchObject({ type: 'Superseded' });
    expect(await billing.account(by.workspaceId)).toMatchObject({ spent: 20 });
    expect(await fixture.undo(by)).toBe('failed');
    expect(await billing.account(by.workspaceId)).toMatchObject({ available: 100, held: 0, spent: 0 });
    expect(await books(by)).toMatchObject(CLOSED);
    expect((await fixture.view(by.jobId)).credits).toEqual({ held: 0, captured: 20, released: 10, refunded: 20 });
  });

  test('a capture in flight at the fence is kept under keep when billing has it before the close, and refused after', async () => {
    const race = async (overtakes: 'capture' | 'close'): Promise<Fence> => {
      const by = await fixture.holding({ onCancel: 'keep' });
      await openPage(fixture.database, by, 0);
      await fixture.fillPage(by, 0);
      const fencing = new Proxy(billing.client, {
        get: (client, name) => {
          if (name !== 'capture') return (Reflect.get(client, name) as () => unknown).bind(client);
          return async (...[request]: Parameters<typeof client.capture>) => {
            await fenceJob(fixture.database, by, 'compensation:1', { target: 'cancelled' });
            if (overtakes === 'close') await client.closeReference(by.workspaceId, by.jobId);
            return client.capture(request);
          };
        },
      });
      const type = overtakes === 'close' ? 'HoldEnded' : 'Superseded';
      await expect(sealAndCapture({ ...fixture.money, billing: fencing }, by, [0])).rejects.toMatchObject({ type });
      expect(await fixture.undo(by, 'cancelled')).toBe('cancelled');
      return by;
    };
    const refused = await race('close');
    expect(await books(refused)).toMatchObject({ ...CLOSED, capturedCells: 0, billableFilledCells: 0 });
    const kept = await race('capture');
    expect(await books(kept)).toMatchObject({ ...CLOSED, capturedCells: 20, billableFilledCells: 20 });
    expect(await billing.account(kept.workspaceId)).toMatchObject({ available: 80, held: 0, spent: 20 });
  });

  test('a cell edited since keeps the edit, and its versions are restored and refunded all the same', async () => {
    const [settled = '', pending = ''] = [fixture.rowIds[0], fixture.rowIds[25]];
    const [columnId = ''] = fixture.columnIds;
    const by = await fixture.holding();
    await fixture.pay(by, 0);
    await openPage(fixture.database, by, 1);
    await fixture.edit(settled, columnId, 'mine');
    await fixture.edit(pending, columnId, 'mine too');
    expect(await fixture.undo(by)).toBe('failed');
    const cells = await fixture.cells();
    expect(cells.filter(({ value }) => value !== null).map(({ row_id, value }) => [row_id, value])).toEqual([
      [settled, 'mine'],
      [pending, 'mine too'],
    ]);
    const open = await fixture.admin(`select 1 from cell_version where author = 'job' and restored_at is null`);
    expect(open).toEqual([]);
    expect(await billing.account(by.workspaceId)).toMatchObject({ available: 100 });
    expect(await books(by)).toMatchObject(CLOSED);
  });

  test('an undo that is interrupted anywhere and repeated ends the same, in the cells, in billing and in what is shown', async () => {
    const by = await fixture.holding();
    await fixture.pay(by, 0);
    await fixture.pay(by, 1);
    const fenced = await fenceJob(fixture.database, by, 'compensation:1', { target: 'cancelled' });
    const undoer = { ...by, ...fenced };
    await billing.client.closeReference(by.workspaceId, by.jobId);
    await billing.client.closeReference(by.workspaceId, by.jobId);
    const restore = { mode: fenced.mode, fromPage: 0 };
    await restorePages(fixture.money, undoer, restore);
    await restorePages(fixture.money, undoer, restore);
    const lossy = { ...fixture.money, billing: losingAnswers(billing.client, ['refund']) };
    await expect(refundCaptures(lossy, undoer)).rejects.toThrow('The answer was lost');
    await refundCaptures(fixture.money, undoer);
    await refundCaptures(fixture.money, undoer);
    expect(await finishJob(fixture.database, undoer)).toBe('cancelled');
    expect((await fixture.view(by.jobId)).credits).toEqual({ held: 0, captured: 30, released: 0, refunded: 30 });
    expect(await billing.account(by.workspaceId)).toMatchObject({ available: 100, held: 0, spent: 0 });
  });

  test('shows credits as held until billing was asked to release them, and as released from then on', async () => {
    const credits = async (by: Fence) => (await fixture.view(by.jobId)).credits;
    const undone = await fixture.holding();
    await fixture.pay(undone, 0);
    const undoer = {
      ...undone,
      ...(await fenceJob(fixture.database, undone, 'compensation:1', { target: 'cancelled' })),
    };
    expect(await credits(undone)).toEqual({ held: 10, captured: 20, released: 0, refunded: 0 });
    await releaseHold(fixture.money, undoer);
    expect(await credits(undone)).toEqual({ held: 0, captured: 20, released: 10, refunded: 0 });
    await restorePages(fixture.money, undoer, { mode: 'rollback', fromPage: 0 });
    await refundCaptures(fixture.money, undoer);
    await releaseHold(fixture.money, undoer);
    expect(await credits(undone)).toEqual({ held: 0, captured: 20, released: 10, refunded: 20 });
    expect(await finishJob(fixture.database, undoer)).toBe('cancelled');

    const completed = await fixture.holding();
    await fixture.pay(completed, 0);
    await completeJob(fixture.database, completed);
    expect(await credits(completed)).toMatchObject({ held: 10, released: 0 });
    await releaseHold(fixture.money, completed);
    expect(await credits(completed)).toMatchObject({ held: 0, released: 10 });
  });

  test.each(['workflow_lost', 'workflow_terminated', 'hold_ended'])(
    'of a job that failed as %s says what its mode leaves, not what the other one would',
    async (code) => {
      const told = async (onFailure: string): Promise<string | undefined> => {
        const by = await fixture.holding({ onFailure });
        await fixture.pay(by, 0);
        await fenceJob(fixture.database, by, 'compensation:1', { target: 'failed', failure: { code } });
        return (await fixture.view(by.jobId)).failure?.message;
      };
      expect(await told('rollback')).toContain('its cells are as before and it cost nothing');
      expect(await told('keep')).toContain('pages that were finished and paid stay, all other cells are as before');
    },
  );

  test('an undo of a workspace that billing has never heard of ends', async () => {
    const poor = await moneyFixture(billing, { rows: 1, columns: 1, credits: 0 });
    const by = await poor.begin((await poor.accept()).id);
    expect(await poor.undo(by, 'cancelled')).toBe('cancelled');
    await expect(holdCredits(poor.money, by, 60)).rejects.toMatchObject({ type: 'Superseded' });
    await poor.stop();
  });
});
