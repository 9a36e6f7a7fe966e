import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readBooks } from '../src/jobs/books.js';
import type { Books } from '../src/jobs/books.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { billingForThisFile } from './billing-process.js';
import { moneyFixture } from './money-fixture.js';
import type { MoneyFixture } from './money-fixture.js';

const billing = await billingForThisFile();
let fixture: MoneyFixture;
let by: Fence;
beforeEach(async () => {
  fixture = await moneyFixture(billing, { rows: 3, columns: 1, price: 2, credits: 100 });
  by = await fixture.holding({ maxCredits: 6 });
  await fixture.pay(by, 0);
});
afterEach(() => fixture.stop());

const books = async (): Promise<Books> => {
  const found = await readBooks(fixture.database, billing.client, by);
  if (!found) throw new Error('the job has no books');
  return found;
};
const kinds = async (): Promise<string[]> => [...new Set((await books()).differences.map(({ kind }) => kind))].sort();

/** As the owner of the database, triggers off. */
async function alter(text: string): Promise<void> {
  await fixture.admin('alter table cell_version disable trigger user');
  await fixture.admin(text);
}

describe('the books of a job', () => {
  test('are open while it runs and closed when it has ended, without a difference', async () => {
    const held = {
      openHolds: 1,
      pendingCells: 0,
      openReverts: 0,
      capturedCells: 3,
      billableFilledCells: 3,
      differences: [],
    };
    expect(await books()).toEqual({ closed: false, state: 'running', ...held });
    await fixture.complete(by);
    expect(await books()).toEqual({ closed: true, state: 'completed', ...held, openHolds: 0 });
  });

  test('of a job that another workspace owns do not exist', async () => {
    expect(await readBooks(fixture.database, billing.client, { ...by, workspaceId: 'ws_other' })).toBeUndefined();
  });

  test('stay closed when a later job fills the same cells, is undone, or a user edits them', async () => {
    await fixture.complete(by);
    const later = await fixture.holding();
    await fixture.pay(later, 0);
    expect(await books()).toMatchObject({ closed: true });
    await fixture.undo(later);
    expect(await books()).toMatchObject({ closed: true });
    await fixture.edit(fixture.rowIds[0] ?? '', fixture.columnIds[0] ?? '', 'mine');
    expect(await books()).toMatchObject({ closed: true });
  });

  test.each([
    ['the value of a cell', `update cell set value = '"forged"' where row_id = $row`, ['cell_altered']],
    ['the status of a cell', `update cell set status = 'blank', value = null where row_id = $row`, ['cell_altered']],
    ['which version a cell shows', `update cell set version_id = null where row_id = $row`, ['cell_altered']],
    ['a cell that is gone', `delete from cell where row_id = $row`, ['cell_altered']],
    [
      'the status of a version',
      `update cell_version set status = 'not_found' where row_id = $row`,
      ['capture_amount', 'captured_not_filled', 'cell_altered'],
    ],
    ['the value of a version', `update cell_version set value = '"forged"' where row_id = $row`, ['cell_altered']],
    [
      'a version that is marked as restored',
      `update cell_version set restored_at = now() where row_id = $row`,
      ['capture_amount', 'captured_not_filled', 'cell_altered'],
    ],
    ['the amount of our hold', `update job_hold set amount = 7 where job_id = $job`, ['hold_amount']],
  ])('show %s, altered by hand in our database', async (_, text, expected) => {
    await fixture.complete(by);
    await alter(text.replace('$row', `'${fixture.rowIds[1]}'`).replace('$job', `'${by.jobId}'`));
    expect(await kinds()).toEqual(expected);
    expect((await books()).closed).toBe(false);
  });

  test('show a cell that is pending though its job has ended', async () => {
    await fixture.complete(by);
    await alter(`update cell set status = 'pending' where row_id = '${fixture.rowIds[1]}'`);
    expect(await books()).toMatchObject({ closed: false, pendingCells: 1 });
  });

  test('show a cell of an undone job that does not have its former value', async () => {
    await fixture.undo(by);
    expect(await books()).toMatchObject({ closed: true });
    await alter(`update cell set status = 'filled', value = '"left over"' where row_id = '${fixture.rowIds[1]}'`);
    expect(await kinds()).toEqual(['cell_altered']);
  });

  test.each([
    [
      'a capture that is gone',
      `delete from capture_line where job_id = $1; `,
      ['capture_amount', 'filled_not_captured'],
    ],
    [
      'the amount of a capture',
      `update capture set amount = 5 where hold_id in (select id from hold where reference = $1)`,
      ['capture_amount', 'hold_captured_amount'],
    ],
    [
      'what a hold captured',
      `update hold set captured = 4, released = 2 where reference = $1`,
      ['hold_captured_amount'],
    ],
    ['the amount of a hold', `update hold set amount = 8, released = 2 where reference = $1`, ['hold_amount']],
    [
      'a refund that nobody ordered',
      `insert into refund (id, account_id, capture_id, amount)
       select 'r_' || c.id, c.account_id, c.id, c.amount from capture c join hold h on h.id = c.hold_id where h.reference = $1`,
      ['filled_not_captured'],
    ],
    [
      'a hold that is gone',
      `update hold set reference = 'elsewhere' where reference = $1`,
      ['filled_not_captured', 'hold_missing'],
    ],
  ])('show %s, altered by hand in billing', async (_, text, expected) => {
    await fixture.complete(by);
    await billing.tamper(text, [by.jobId]);
    expect(await kinds()).toEqual(expected);
    expect((await books()).closed).toBe(false);
  });
});
