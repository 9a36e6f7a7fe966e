import { afterEach, describe, expect, test } from '@jest/globals';
import { readBooks } from '../src/jobs/books.js';
import { sealAndCapture } from '../src/jobs/job-credits.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { openPage } from '../src/pages/open-page.js';
import { settleCells } from '../src/pages/settle-cells.js';
import { readStepPage } from '../src/pages/step-page.js';
import { billingForThisFile } from './billing-process.js';
import { moneyFixture } from './money-fixture.js';
import type { MoneyFixture } from './money-fixture.js';

const billing = await billingForThisFile();
let fixture: MoneyFixture;
afterEach(() => fixture.stop());

async function expectClosedBooks(by: Fence): Promise<void> {
  const books = await readBooks(fixture.database, billing.client, by);
  expect(books).toMatchObject({ closed: true, openHolds: 0, pendingCells: 0, differences: [] });
}

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
    await expectClosedBooks(by);
  });

  test('a ceiling in which no cell fits fills nothing, and the job completes with closed books', async () => {
    fixture = await moneyFixture(billing, { rows: 30, columns: 1, price: 2 });
    const by = await fixture.holding({ maxCredits: 1 });
    expect(await billing.account(by.workspaceId)).toMatchObject({ held: 1 });
    for (const page of [0, 1]) await fixture.pay(by, page);
    expect(await fixture.complete(by)).toBe('completed');
    const { totals, skippedBy, credits } = await fixture.view(by.jobId);
    expect(totals).toMatchObject({ filled: 0, skipped: 30, open: 0, pending: 0 });
    expect(skippedBy).toEqual({ ceiling: 30 });
    expect(credits).toEqual({ held: 0, captured: 0, released: 1, refunded: 0 });
    await expectClosedBooks(by);
  });

  test('of several columns with prices of their own ends in the middle of a row, and nothing later is filled instead', async () => {
    fixture = await moneyFixture(billing, { rows: 4, columns: 3, price: 2 });
    const [cheap = '', dear = '', third = ''] = fixture.columnIds;
    await fixture.admin(
      `insert into service select 'cheap', title, description, entity_types, returns, 1, capabilities, 'enrich',
         contract_version, inputs, config_schema, max_page_rows, absent_after_seconds from service where id = 'enrich'`,
    );
    await fixture.admin(`update list_column set service_id = 'cheap' where id = $1`, [cheap]);
    // A row costs 1 + 2 + 2, so 9 credits pay for the first row and, of the second, for 1 + 2: the third column's 2 do not fit.
    const by = await fixture.holding({ columnIds: [cheap, dear, third], maxCredits: 9 });
    const counts = [2, 3].map((count, stepNo) => ({ stepNo, count }));
    expect(await openPage(fixture.database, by, 0)).toEqual({ outcome: 'opened', steps: counts });
    for (const [stepNo, serviceId] of ['cheap', 'enrich'].entries()) {
      const step = { pageNo: 0, stepNo, serviceId };
      const work = await readStepPage(fixture.database, by, step);
      const results = (work?.rows ?? []).flatMap(({ rowId, columnIds }) =>
        columnIds.map((columnId) => ({ rowId, columnId, status: 'filled' as const, value: 'x' })),
      );
      await settleCells(fixture.database, by, step, results);
    }
    await sealAndCapture(fixture.money, by, [0]);
    expect(await fixture.complete(by)).toBe('completed');
    const filled = await fixture.admin<{ row_no: number; no: number }>(
      `select row_no, array_position($1, column_id) as no from cell join list_row r on r.id = row_id
       where status = 'filled' order by row_no, no`,
      [[cheap, dear, third]],
    );
    expect(filled.map(({ row_no, no }) => `${row_no}.${no}`)).toEqual(['1.1', '1.2', '1.3', '2.1', '2.2']);
    expect((await fixture.view(by.jobId)).credits).toEqual({ held: 0, captured: 8, released: 1, refunded: 0 });
    await expectClosedBooks(by);
  });

  test('a ceiling of nothing fills only what is free', async () => {
    fixture = await moneyFixture(billing, { rows: 2, columns: 1 });
    const by = await fixture.holding({ maxCredits: 0 });
    await fixture.pay(by, 0);
    expect(await fixture.complete(by)).toBe('completed');
    expect(await billing.client.holdsOf(by.workspaceId, by.jobId)).toEqual([]);
    expect((await fixture.view(by.jobId)).skippedBy).toEqual({ ceiling: 2 });
    await expectClosedBooks(by);
  });
});
