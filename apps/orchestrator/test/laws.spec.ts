import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { BillingUnavailable } from '../src/billing/billing.client.js';
import { checkJob } from '../src/laws/check-job.js';
import { checkLedger } from '../src/laws/check-ledger.js';
import { Findings } from '../src/laws/findings.js';
import { LAW_IDS } from '../src/laws/law.js';
import { writeLedgerMark } from '../src/laws/ledger-mark.js';
import { sealAndCapture } from '../src/jobs/job-credits.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { reconciliationView } from '../src/laws/reconciliation.schema.js';
import { ReconciliationsService } from '../src/laws/reconciliations.service.js';
import { openPage } from '../src/pages/open-page.js';
import { startBilling } from './billing-process.js';
import type { BillingProcess } from './billing-process.js';
import { startChecker } from './laws-fixture.js';
import type { Checker } from './laws-fixture.js';
import { moneyFixture } from './money-fixture.js';
import type { MoneyFixture } from './money-fixture.js';
import { IN_ACCOUNT, IN_BILLING, IN_OURS } from './planted-differences.js';

let billing: BillingProcess;
let checker: Checker;
let fixture: MoneyFixture;
let by: Fence;
beforeAll(async () => {
  billing = await startBilling();
  checker = await startChecker(billing);
});
afterAll(async () => {
  await checker.stop();
  await billing.stop();
});

const startFixture = async (): Promise<void> => {
  fixture = await moneyFixture(billing, { rows: 3, columns: 1, price: 2, credits: 1_000 });
};
const sources = () => ({ database: fixture.database, billing: checker.audit });
const stopFixture = (): Promise<void> => fixture.stop();

/** Two cells are paid, the third is not found, so that something of the hold is left. */
async function pay(job: Fence): Promise<void> {
  await openPage(fixture.database, job, 0);
  await fixture.fillPage(job, 0, (rowId) => (rowId === fixture.rowIds[2] ? { status: 'not_found', value: null } : {}));
  await sealAndCapture(fixture.money, job, [0]);
}

async function completedJob(): Promise<void> {
  by = await fixture.holding();
  await pay(by);
  await fixture.complete(by);
}

/** Constraints and triggers are not what is tested here: what would refuse the difference is out of the way for a moment. */
const TRIGGERS = ['account', 'entry', 'posting', 'closed_reference', 'idempotent_request'];
const switched = (how: 'enable' | 'disable'): string =>
  TRIGGERS.map((table) => `alter table ${table} ${how} trigger user;`).join(' ');
const UNCONSTRAINED = `
  alter table account drop constraint if exists account_books_balance, drop constraint if exists account_never_negative;
  alter table hold drop constraint if exists hold_ends_once;
  alter table capture_line drop constraint if exists capture_line_pkey;
  alter table refund drop constraint if exists refund_capture_id_account_id_amount_fkey;
  alter table idempotent_request drop constraint if exists idempotent_request_pkey;`;

const plant = (text: string): Promise<void> =>
  billing.tamper(`${switched('disable')} ${UNCONSTRAINED} ${named(text)}; ${switched('enable')}`);

const named = (text: string): string =>
  text
    .replaceAll('$ws', `'${fixture.workspaceId}'`)
    .replaceAll('$job', `'${by.jobId}'`)
    .replaceAll('$row', `'${fixture.rowIds[1]}'`)
    .replaceAll('$other', `'${fixture.rowIds[2]}'`)
    .replaceAll('$holds', `(select id from hold where reference = '${by.jobId}')`)
    .replaceAll(
      '$captures',
      `(select id from capture where hold_id in (select id from hold where reference = '${by.jobId}'))`,
    )
    .replaceAll(
      '$entry',
      `(select max(id) from entry where account_id = '${fixture.workspaceId}' and kind = 'capture')`,
    );

describe('the laws', () => {
  beforeEach(startFixture);
  afterEach(stopFixture);

  test('hold while a job runs, when it completed, when it was undone, and over all of them together', async () => {
    by = await fixture.holding();
    await pay(by);
    expect(await checker.found(fixture)).toEqual([]);
    await fixture.complete(by);
    const undone = await fixture.holding();
    await pay(undone);
    await fixture.undo(undone);
    const kept = await fixture.holding({ onFailure: 'keep' });
    await pay(kept);
    await fixture.undo(kept);
    const waiting = await fixture.accept();
    await fixture.edit(fixture.rowIds[0] ?? '', fixture.columnIds[0] ?? '', 'mine');
    const { checked, findings } = await checker.check(fixture);
    expect(findings.violations).toEqual([]);
    expect(checked).toEqual({ jobs: 3, workflows: 4, filledCells: 4, captures: 3, ledgerEntries: 11 });
    expect(findings.settling).toMatchObject([{ law: 'L21', kind: 'job_not_started', jobId: waiting.id }]);
  });

  test.each(IN_ACCOUNT)('find %s', async (_, text, expected) => {
    await completedJob();
    await plant(text);
    expect(await checker.found(fixture)).toEqual(expect.arrayContaining([...expected]));
  });

  test('find a paid job that is gone from our database with all that hung on it', async () => {
    await completedJob();
    const tables = ['capture_line', 'job_step', 'job_page', 'job_hold', 'job_control', 'job_budget', 'job_watch'];
    for (const table of tables) await fixture.admin(named(`delete from ${table} where job_id = $job`));
    await fixture.admin(named('delete from job where id = $job'));
    expect(await checker.found(fixture)).toContain('L6 captured_for_unknown_job');
  });

  test('find what was captured for a reference that is no job, until it is refunded', async () => {
    const { workspaceId } = fixture;
    const hold = (jobId: string) => billing.client.hold({ workspaceId, jobId, n: 1, amount: 5, ttlSeconds: 600 });
    const [forged, orphan] = [await hold('job_forged'), await hold('job_orphan')];
    if (forged.outcome !== 'held' || orphan.outcome !== 'held') throw new Error('nothing was held');
    const held = await checker.check(fixture);
    expect([held.findings.violations, held.findings.settling.map(({ kind }) => kind)]).toEqual([
      [],
      ['hold_of_unknown_job', 'hold_of_unknown_job'],
    ]);
    const line = { amount: 2, jobId: 'job_forged', pageNo: 0, columnId: fixture.columnIds[0] ?? '' };
    const lines = ['991', '992'].map((cellVersionId) => ({ ...line, cellVersionId }));
    const captured = await billing.client.capture({
      holdId: forged.holdId,
      jobId: 'job_forged',
      pageNo: 0,
      n: 1,
      lines,
    });
    if (captured.outcome !== 'captured') throw new Error('nothing was captured');
    const { captureId } = captured;
    for (const reference of ['job_forged', 'job_orphan']) await billing.client.closeReference(workspaceId, reference);
    expect((await checker.check(fixture)).findings.violations).toEqual([
      {
        ...{ law: 'L6', kind: 'captured_for_unknown_job', captureId, holdId: forged.holdId },
        detail: 'Billing captured 4 credits for job_forged, which is no job of this workspace',
      },
    ]);
    const folded = new Findings();
    const { mark } = await checkLedger(sources(), workspaceId, folded);
    expect(folded.total).toBe(1);
    await billing.client.refund(captureId);
    expect(await checker.found(fixture)).toEqual([]);
    const further = new Findings();
    await checkLedger(sources(), workspaceId, further, { from: mark });
    expect(further.total).toBe(0);
  });

  test('find a past of the ledger that was rewritten so that it still adds up', async () => {
    await completedJob();
    const { mark } = await checkLedger(sources(), fixture.workspaceId, new Findings());
    await writeLedgerMark(fixture.database, fixture.workspaceId, mark);
    expect(await checker.found(fixture)).toEqual([]);
    await plant(
      `update entry set amount = amount - 1 where account_id = $ws and kind = 'grant';
       update posting p set amount = p.amount - sign(p.amount) from entry e where e.id = p.entry_id and e.account_id = $ws and e.kind = 'grant';
       update account set granted = granted - 1, available = available - 1 where id = $ws`,
    );
    expect(await checker.found(fixture)).toEqual(['L3 entries_changed']);
  });
});

describe('a reconciliation on demand', () => {
  beforeEach(startFixture);
  afterEach(stopFixture);
  const service = () => new ReconciliationsService(fixture.database, checker.audit, checker.probe);

  test('answers with every law, what was checked and the first differences', async () => {
    await completedJob();
    const clean = await service().reconcile(fixture.workspaceId);
    expect(reconciliationView.parse(clean)).toMatchObject({ differenceCount: 0, differences: [], settling: [] });
    expect(clean.laws.map(({ law, differences }) => [law, differences])).toEqual(LAW_IDS.map((law) => [law, 0]));
    await fixture.admin(named('update job_hold set amount = 7 where job_id = $job'));
    expect(await service().reconcile(fixture.workspaceId)).toMatchObject({
      ...{ differenceCount: 1, differences: [{ law: 'L4', kind: 'hold_amount', jobId: by.jobId }] },
    });
  });

  test('is one at a time, and says so when billing is away', async () => {
    const reconciliations = service();
    const first = reconciliations.reconcile(fixture.workspaceId);
    await expect(reconciliations.reconcile(fixture.workspaceId)).rejects.toMatchObject({ status: 429 });
    await first;
    await billing.down();
    await expect(reconciliations.reconcile(fixture.workspaceId)).rejects.toThrow(BillingUnavailable);
    await billing.up();
    await reconciliations.reconcile(fixture.workspaceId);
  });
});

describe('the laws of a job', () => {
  beforeAll(async () => {
    await startFixture();
    await fixture.admin('alter table cell_version disable trigger user');
  });
  afterAll(stopFixture);
  beforeEach(completedJob);
  // A parked job keeps its cells from the jobs of the tests after it.
  afterEach(() => fixture.admin(`update job set state = 'failed' where state = 'compensation_failed'`));

  test('name the cell, the page and the job of what they find, and keep 100 of any number', async () => {
    await fixture.admin(named(`update cell_version set status = 'error' where row_id = $row and job_id = $job`));
    const findings = new Findings();
    await checkJob(sources(), by, findings);
    const place = {
      ...{ law: 'L6', detail: expect.any(String), jobId: by.jobId, pageNo: 0 },
      ...{ rowId: fixture.rowIds[1], columnId: fixture.columnIds[0], cellVersionId: expect.stringMatching(/^\d+$/) },
    };
    expect(findings.violations).toEqual([
      { ...place, kind: 'captured_not_filled' },
      { ...place, kind: 'cell_altered' },
    ]);
    const many = new Findings();
    for (const law of LAW_IDS) many.add(Array.from({ length: 50 }, () => ({ law, kind: 'k', detail: 'd' })));
    expect([many.total, many.violations.length, many.count('L6')]).toEqual([500, 100, 50]);
  });

  test('find a cell of an undone job that shows what was undone', async () => {
    by = await fixture.holding();
    await pay(by);
    await fixture.undo(by);
    expect(await checker.found(fixture, by.jobId)).toEqual([]);
    await fixture.admin(named(`update cell set value = '"left over"' where row_id = $row`));
    expect(await checker.found(fixture, by.jobId)).toContain('L6 cell_altered');
  });

  test('judge a job whose undo is parked as a final one, with all of the workspace and by itself', async () => {
    by = await fixture.holding();
    await pay(by);
    await fixture.undo(by);
    await fixture.admin(named(`update job set state = 'compensation_failed', finished_at = null where id = $job`));
    expect(await checker.found(fixture, by.jobId)).toEqual([]);
    await plant(`update refund set amount = amount + 1 where capture_id in $captures`);
    expect(await checker.found(fixture, by.jobId)).toEqual(['L8 refund_exceeds', 'L8 refund_posted']);
    const { violations } = (await checker.check(fixture)).findings;
    expect(violations.filter(({ jobId }) => jobId === by.jobId)).toHaveLength(2);
  });

  test('find a cell that is pending on a page that nothing will settle, while its job runs', async () => {
    by = await fixture.holding();
    await pay(by);
    await fixture.admin(named(`update cell set status = 'pending' where row_id = $row and job_id = $job`));
    expect(await checker.found(fixture, by.jobId)).toEqual(['L9 pending_on_closed_page']);
    await fixture.admin(named(`update cell set status = 'filled' where row_id = $row`));
    await fixture.complete(by);
  });

  test.each(IN_OURS)('find %s, planted in our database', async (_, text, expected) => {
    await fixture.admin(named(text));
    expect(await checker.found(fixture, by.jobId)).toEqual(expect.arrayContaining([...expected]));
  });

  // After all that needs refunds: the last of them takes away what makes a capture have one at most.
  test.each(IN_BILLING)('find %s, planted in billing', async (_, text, expected) => {
    await plant(text);
    expect(await checker.found(fixture, by.jobId)).toEqual(expect.arrayContaining([...expected]));
  });

  test('have a planted difference each, above or (L21) beside real workflows', () => {
    const planted = [...IN_ACCOUNT, ...IN_BILLING, ...IN_OURS].flatMap(([, , kinds]) => kinds);
    const laws = new Set([...planted.map((kind) => kind.split(' ')[0]), 'L21']);
    expect([...laws].sort()).toEqual([...LAW_IDS].sort());
  });
});
