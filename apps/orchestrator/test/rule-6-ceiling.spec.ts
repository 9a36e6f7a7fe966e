import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sealAndCapture } from '../src/jobs/job-credits.js';
import { openPage } from '../src/pages/open-page.js';
import { startBilling } from './billing-process.js';
import type { BillingProcess } from './billing-process.js';
import { moneyFixture } from './money-fixture.js';
import type { MoneyFixture } from './money-fixture.js';

let billing: BillingProcess;
let fixture: MoneyFixture;
beforeAll(async () => {
  billing = await startBilling();
});
afterAll(() => billing.stop());
afterEach(() => fixture.stop());

describe('rule R6, the ceiling', () => {
  test('a job holds and spends no more than its maximum, in row order, and skips the rest as ceiling', async () => {
    fixture = await moneyFixture(billing, { rows: 5, columns: 1, price: 2 });
    const by = await fixture.holding({ maxCredits: 7 });
    expect(await billing.account(by.workspaceId)).toMatchObject({ held: 7 });
    await fixture.pay(by, 0);
    const { totals, skippedBy, credits } = await fixture.view(by.jobId);
    expect(totals).toMatchObject({ cells: 5, filled: 3, skipped: 2 });
    expect(skippedBy).toEqual({ ceiling: 2 });
    expect(credits).toMatchObject({ held: 1, captured: 6 });
    const filled = await fixture.admin<{ row_no: number }>(
      `select row_no from cell join list_row r on r.id = row_id where status = 'filled' order by row_no`,
    );
    expect(filled.map(({ row_no }) => row_no)).toEqual([1, 2, 3]);
    expect(await fixture.complete(by)).toBe('completed');
    expect((await fixture.view(by.jobId)).credits).toEqual({ held: 0, captured: 6, released: 1, refunded: 0 });
  });

  test('a page that does not fit waits while another is open, and gets what the seal gives back', async () => {
    fixture = await moneyFixture(billing, { rows: 30, columns: 1 });
    const by = await fixture.holding({ maxCredits: 25 });
    await openPage(fixture.database, by, 0);
    expect(await openPage(fixture.database, by, 1)).toEqual({ outcome: 'wait' });
    expect((await fixture.view(by.jobId)).totals).toMatchObject({ pending: 20, open: 10 });
    const found = new Set(fixture.rowIds.slice(0, 12));
    await fixture.fillPage(by, 0, (rowId) => (found.has(rowId) ? {} : { status: 'not_found', value: undefined }));
    await sealAndCapture(fixture.money, by, [0]);
    await fixture.pay(by, 1);
    expect((await fixture.view(by.jobId)).totals).toMatchObject({ filled: 22, notFound: 8, open: 0, skipped: 0 });
    expect(await fixture.admin('select remaining from job_budget')).toEqual([{ remaining: 3 }]);
  });

  test('when nothing fits and no page is open the rest is skipped, and the job completes', async () => {
    fixture = await moneyFixture(billing, { rows: 30, columns: 1 });
    const by = await fixture.holding({ maxCredits: 20 });
    await fixture.pay(by, 0);
    expect(await openPage(fixture.database, by, 1)).toEqual({ outcome: 'opened', steps: [{ stepNo: 0, count: 0 }] });
    await sealAndCapture(fixture.money, by, [1]);
    expect(await fixture.complete(by)).toBe('completed');
    const { totals, skippedBy } = await fixture.view(by.jobId);
    expect(totals).toMatchObject({ filled: 20, skipped: 10, open: 0, pending: 0 });
    expect(skippedBy).toEqual({ ceiling: 10 });
  });

  test('a ceiling of nothing fills only what is free', async () => {
    fixture = await moneyFixture(billing, { rows: 2, columns: 1 });
    const by = await fixture.holding({ maxCredits: 0 });
    await fixture.pay(by, 0);
    expect(await fixture.complete(by)).toBe('completed');
    expect(await billing.client.holdsOf(by.workspaceId, by.jobId)).toEqual([]);
    expect((await fixture.view(by.jobId)).skippedBy).toEqual({ ceiling: 2 });
  });
});
