import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { holdCredits, sealAndCapture } from '../src/jobs/job-credits.js';
import { openPage } from '../src/pages/open-page.js';
import { sealPage } from '../src/pages/seal-page.js';
import { settleCells } from '../src/pages/settle-cells.js';
import { billingForThisFile } from './billing-process.js';
import { losingAnswers, moneyFixture } from './money-fixture.js';
import type { MoneyFixture } from './money-fixture.js';

const STEP = { pageNo: 0, stepNo: 0, serviceId: 'enrich' };

const billing = await billingForThisFile();
let fixture: MoneyFixture;
beforeEach(async () => {
  fixture = await moneyFixture(billing, { rows: 3, columns: 1, price: 2, credits: 100 });
});
afterEach(() => fixture.stop());

const manifest = () =>
  fixture.admin('select cell_version_id::text as id, price from capture_line order by cell_version_id');

describe('rule R3, the seal', () => {
  test('turns cells that are still open into the error not_settled, which costs nothing', async () => {
    const by = await fixture.holding();
    await openPage(fixture.database, by, 0);
    const [rowId = ''] = fixture.rowIds;
    const [columnId = ''] = fixture.columnIds;
    await settleCells(fixture.database, by, STEP, [{ rowId, columnId, status: 'filled', value: 'one' }]);
    await sealAndCapture(fixture.money, by, [0]);
    const codes = await fixture.admin(`select reason ->> 'code' as code from cell where status = 'error'`);
    expect(codes).toEqual([{ code: 'not_settled' }, { code: 'not_settled' }]);
    expect((await fixture.view(by.jobId)).totals).toMatchObject({ filled: 1, error: 2, pending: 0 });
    expect(await billing.account(fixture.workspaceId)).toMatchObject({ held: 4, spent: 2 });
  });

  test('refuses a settle that comes after it, and what was sealed stays as it is', async () => {
    const by = await fixture.holding();
    await openPage(fixture.database, by, 0);
    await sealPage(fixture.database, by, 0);
    const before = [await fixture.cells(), await manifest()];
    const [rowId = ''] = fixture.rowIds;
    const [columnId = ''] = fixture.columnIds;
    const late = [{ rowId, columnId, status: 'filled', value: 'late' }] as const;
    expect(await settleCells(fixture.database, by, STEP, late)).toBeUndefined();
    await sealPage(fixture.database, by, 0);
    expect([await fixture.cells(), await manifest()]).toEqual(before);
  });

  test('writes a manifest that the application can neither change nor delete', async () => {
    const by = await fixture.holding();
    await fixture.pay(by, 0);
    for (const change of ['update capture_line set price = 1', 'delete from capture_line']) {
      const attempt = fixture.database.inWorkspace(by.workspaceId, (sql) => sql.run(change));
      await expect(attempt).rejects.toThrow('permission denied');
    }
    expect(await manifest()).toHaveLength(3);
  });

  test('racing settles are all in the manifest or refused', async () => {
    const by = await fixture.holding();
    await openPage(fixture.database, by, 0);
    const [columnId = ''] = fixture.columnIds;
    const settles = fixture.rowIds.map((rowId) =>
      settleCells(fixture.database, by, STEP, [{ rowId, columnId, status: 'filled', value: rowId }]),
    );
    await sealPage(fixture.database, by, 0);
    const written = (await Promise.all(settles)).filter((reply) => reply?.settled === 1).length;
    expect(await manifest()).toHaveLength(written);
  });
});

describe('rule R4, the capture', () => {
  test('that is repeated because its answer was lost is one capture', async () => {
    const by = await fixture.holding();
    await openPage(fixture.database, by, 0);
    await fixture.fillPage(by, 0);
    const lossy = { ...fixture.money, billing: losingAnswers(billing.client, ['capture']) };
    await expect(sealAndCapture(lossy, by, [0])).rejects.toThrow('The answer was lost');
    expect((await fixture.view(by.jobId)).credits).toMatchObject({ held: 6, captured: 0 });
    await Promise.all([1, 2].map(() => sealAndCapture(fixture.money, by, [0]).catch(() => undefined)));
    await sealAndCapture(fixture.money, by, [0]);
    const [hold] = await billing.client.holdsOf(by.workspaceId, by.jobId);
    expect(hold).toMatchObject({ captured: 6, captures: [{ amount: 6 }] });
    expect((await fixture.view(by.jobId)).credits).toMatchObject({ held: 0, captured: 6 });
  });

  test('of the same manifest under another key pays nothing again', async () => {
    const by = await fixture.holding();
    await fixture.pay(by, 0);
    const [hold] = await billing.client.holdsOf(by.workspaceId, by.jobId);
    const lines = (hold?.captures[0]?.cellVersionIds ?? []).map((cellVersionId) => ({
      ...{ cellVersionId, amount: 2, jobId: by.jobId, pageNo: 0, columnId: 'c' },
    }));
    const again = await billing.client.capture({ holdId: hold?.id ?? '', jobId: by.jobId, pageNo: 0, n: 2, lines });
    expect(again.outcome).toBe('captured');
    expect(await billing.account(by.workspaceId)).toMatchObject({ spent: 6 });
  });

  test('a hold whose answer was lost is one hold', async () => {
    const by = await fixture.begin((await fixture.accept()).id);
    const lossy = { ...fixture.money, billing: losingAnswers(billing.client, ['hold']) };
    await expect(holdCredits(lossy, by, 60)).rejects.toThrow('The answer was lost');
    await holdCredits(fixture.money, by, 60);
    await holdCredits(fixture.money, by, 60);
    expect(await billing.account(by.workspaceId)).toMatchObject({ available: 94, held: 6 });
  });

  test('after the close of the reference the job is undone and not left without an owner', async () => {
    const by = await fixture.holding();
    await openPage(fixture.database, by, 0);
    await fixture.fillPage(by, 0);
    await billing.client.closeReference(by.workspaceId, by.jobId);
    await expect(sealAndCapture(fixture.money, by, [0])).rejects.toMatchObject({ type: 'HoldEnded' });
    await expect(holdCredits(fixture.money, by, 3_600)).resolves.toBeUndefined();
    const other = await fixture.begin((await fixture.accept()).id, 'run-2');
    await billing.client.closeReference(by.workspaceId, other.jobId);
    await expect(holdCredits(fixture.money, other, 60)).rejects.toMatchObject({ type: 'HoldEnded' });
  });

  test.each([
    [1, 0, 'needs up to 1 credit and 0 are available'],
    [2, 1, 'needs up to 2 credits and 1 is available'],
  ])('a job of %i without enough credits says so in plain words', async (rows, credits, words) => {
    const poor = await moneyFixture(billing, { rows, columns: 1, credits });
    const by = await poor.begin((await poor.accept()).id);
    await expect(holdCredits(poor.money, by, 60)).rejects.toMatchObject({ type: 'InsufficientCredits' });
    expect((await poor.view(by.jobId)).failure?.message).toContain(words);
    await poor.stop();
  });

  test('a refusal for lack of credits is the answer for ever, even after a grant', async () => {
    const poor = await moneyFixture(billing, { rows: 3, columns: 1, price: 2, credits: 0 });
    const by = await poor.begin((await poor.accept()).id);
    await expect(holdCredits(poor.money, by, 60)).rejects.toMatchObject({ type: 'InsufficientCredits' });
    await billing.grant(by.workspaceId, 100);
    await expect(holdCredits(poor.money, by, 60)).rejects.toMatchObject({ type: 'InsufficientCredits' });
    expect(await poor.undo(by)).toBe('failed');
    expect((await poor.view(by.jobId)).failure?.code).toBe('insufficient_credits');
    expect(await billing.account(by.workspaceId)).toMatchObject({ available: 100, held: 0 });
    await poor.stop();
  });
});
