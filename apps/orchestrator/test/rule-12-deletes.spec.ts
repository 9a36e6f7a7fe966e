import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sealAndCapture } from '../src/jobs/job-credits.js';
import { readBooks } from '../src/jobs/books.js';
import { openPage } from '../src/pages/open-page.js';
import { settleCells } from '../src/pages/settle-cells.js';
import { readStepPage } from '../src/pages/step-page.js';
import { billingForThisFile } from './billing-process.js';
import { moneyFixture } from './money-fixture.js';
import type { MoneyFixture } from './money-fixture.js';

const STEP = { pageNo: 0, stepNo: 0, serviceId: 'enrich' };

const billing = await billingForThisFile();
let fixture: MoneyFixture;
beforeEach(async () => {
  fixture = await moneyFixture(billing, { rows: 3, columns: 1, credits: 100 });
});
afterEach(() => fixture.stop());

const remove = (rowId: string) => fixture.admin('update list_row set deleted_at = now() where id = $1', [rowId]);

describe('rule R12, edits and deletes under a running job', () => {
  test('a result for a cell that was edited meanwhile is acknowledged, not written, counted as skipped and not charged', async () => {
    const by = await fixture.holding();
    await openPage(fixture.database, by, 0);
    const [rowId = ''] = fixture.rowIds;
    const [columnId = ''] = fixture.columnIds;
    await fixture.edit(rowId, columnId, 'mine');
    const reply = await settleCells(fixture.database, by, STEP, [
      { rowId, columnId, status: 'filled', value: 'theirs' },
    ]);
    expect(reply).toEqual({ settled: 0, ignored: 1, control: 'run' });
    await fixture.fillPage(by, 0);
    await sealAndCapture(fixture.money, by, [0]);
    expect(await fixture.complete(by)).toBe('completed');
    const { totals, skippedBy } = await fixture.view(by.jobId);
    expect(totals).toMatchObject({ filled: 2, skipped: 1, pending: 0, open: 0 });
    expect(skippedBy).toEqual({ edited: 1 });
    expect((await fixture.cells()).find(({ row_id }) => row_id === rowId)?.value).toBe('mine');
    expect(await billing.account(by.workspaceId)).toMatchObject({ available: 98, spent: 2 });
    expect(await readBooks(fixture.database, billing.client, by)).toMatchObject({ closed: true, capturedCells: 2 });
  });

  test('a cell that was edited after it was settled stays charged: its version was delivered', async () => {
    const by = await fixture.holding();
    await openPage(fixture.database, by, 0);
    await fixture.fillPage(by, 0);
    await fixture.edit(fixture.rowIds[0] ?? '', fixture.columnIds[0] ?? '', 'mine');
    await sealAndCapture(fixture.money, by, [0]);
    expect(await fixture.complete(by)).toBe('completed');
    expect((await fixture.view(by.jobId)).totals).toMatchObject({ filled: 3, skipped: 0 });
    expect(await readBooks(fixture.database, billing.client, by)).toMatchObject({ closed: true, capturedCells: 3 });
  });

  test('a row that is deleted meanwhile is no longer given to workers, and a late result for it costs nothing', async () => {
    const by = await fixture.holding();
    await openPage(fixture.database, by, 0);
    const [rowId = ''] = fixture.rowIds;
    const [columnId = ''] = fixture.columnIds;
    await remove(rowId);
    const page = await readStepPage(fixture.database, by, STEP);
    expect(page?.rows.map((row) => row.rowId)).toEqual(fixture.rowIds.slice(1));
    await settleCells(fixture.database, by, STEP, [{ rowId, columnId, status: 'filled', value: 'late' }]);
    await fixture.fillPage(by, 0);
    await sealAndCapture(fixture.money, by, [0]);
    expect(await fixture.complete(by)).toBe('completed');
    const { totals, skippedBy } = await fixture.view(by.jobId);
    expect(totals).toMatchObject({ filled: 2, skipped: 1, pending: 0 });
    expect(skippedBy).toEqual({ deleted: 1 });
    expect(await billing.account(by.workspaceId)).toMatchObject({ spent: 2 });
    expect(await readBooks(fixture.database, billing.client, by)).toMatchObject({ closed: true });
  });

  test('versions are append-only: the application may mark one as restored, once, and change nothing else', async () => {
    const by = await fixture.holding();
    await fixture.pay(by, 0);
    const change = (text: string) => fixture.database.inWorkspace(by.workspaceId, (sql) => sql.run(text));
    await expect(change(`update cell_version set value = '"other"'`)).rejects.toThrow('append-only');
    await expect(change('delete from cell_version')).rejects.toThrow('permission denied');
    await change('update cell_version set restored_at = now()');
    await expect(change('update cell_version set restored_at = null')).rejects.toThrow('append-only');
  });
});
