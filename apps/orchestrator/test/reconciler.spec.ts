import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RECONCILE_SCHEDULE_ID, jobWorkflowId } from '@uno/workflow-contracts';
import { waitUntil } from '@uno/testing';
import type { Config } from '../src/config/config.js';
import { TemporalClient } from '../src/outbox/temporal-client.js';
import { orphanHoldsDuty } from '../src/reconciler/orphan-holds.js';
import { ReconcileSchedule } from '../src/reconciler/reconcile-schedule.js';
import { reconcilerOf } from './reconciler-fixture.js';
import type { ReconcilerFixture } from './reconciler-fixture.js';
import { runningJobs, serversForThisFile } from './workflow-fixture.js';
import type { RunningJobs } from './workflow-fixture.js';

const { billing, side } = await serversForThisFile();
let jobs: RunningJobs;
let fixture: ReconcilerFixture;
beforeEach(async () => {
  jobs = await runningJobs(side, billing, { rows: 3, columns: 1 });
  fixture = reconcilerOf(jobs, side, billing);
});
afterEach(async () => {
  await fixture.stop();
  await jobs.stop();
});

describe('the schedule of the reconciler', () => {
  const handle = () => jobs.client.schedule.getHandle(RECONCILE_SCHEDULE_ID);
  const intervals = async () => (await handle().describe()).spec.intervals?.map(({ every }) => every);

  test('is one, whoever creates it and how often, and gets the interval of whoever starts last', async () => {
    await Promise.all([1, 2, 3].map(() => fixture.schedule(600).ensure()));
    expect(await intervals()).toEqual([600_000]);
    const first = fixture.schedule(600);
    await first.ensure();
    await fixture.schedule(700).ensure();
    await first.ensure();
    expect(await intervals()).toEqual([700_000]);
    expect((await handle().describe()).policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 10_000 });
  });

  test('is made again where the server lost it', async () => {
    const schedule = fixture.schedule(600);
    await schedule.ensure();
    await handle().delete();
    await schedule.ensure();
    expect(await intervals()).toEqual([600_000]);
  });

  test('is looked for in the background, so that a worker starts and ends while Temporal is away', async () => {
    const config = { temporalConnection: { address: '127.0.0.1:1' }, temporalNamespace: 'default' };
    const temporal = new TemporalClient(config as Config);
    const schedule = new ReconcileSchedule(temporal, { reconcileIntervalSeconds: 10 } as Config);
    schedule.onApplicationBootstrap();
    await expect(schedule.ensure()).rejects.toThrow();
    await schedule.onModuleDestroy();
    await temporal.onModuleDestroy();
  });
});

describe('orphan holds', () => {
  const duty = () =>
    orphanHoldsDuty({
      ...{ database: jobs.database, audit: fixture.audit, billing: billing.client, orphanAfterSeconds: 0 },
    });
  const hold = async (workspaceId: string, jobId: string): Promise<void> => {
    await billing.client.hold({ workspaceId, jobId, n: 1, amount: 2, ttlSeconds: 600 });
  };
  const held = async (workspaceId: string): Promise<number> => (await billing.account(workspaceId)).held;

  test('of a job that is final, or that nobody knows, are closed; those of a live job and of others are not', async () => {
    const live = await jobs.holding({ maxCredits: 3 });
    await billing.grant('ws_of_another_system', 10);
    await hold('ws_of_another_system', 'job_of_another_system');
    await hold(jobs.workspaceId, 'job_unknown');
    expect(await held(jobs.workspaceId)).toBe(5);
    expect(await duty().run('a')).toBe(1);
    expect([await held(jobs.workspaceId), await held('ws_of_another_system')]).toEqual([3, 2]);
    await jobs.admin(`update job set state = 'failed', finished_at = now() where id = $1`, [live.jobId]);
    expect([await duty().run('b'), await held(jobs.workspaceId), await duty().run('c')]).toEqual([1, 0, 0]);
  });

  test('that are younger than the grace are left alone', async () => {
    await hold(jobs.workspaceId, 'job_young');
    expect(await fixture.reconciler.tick('a')).toMatchObject({ 'orphan-holds': 0 });
  });
});

describe('the laws at a tick', () => {
  const isKnown = (id: string): Promise<boolean> =>
    jobs.client.workflow
      .getHandle(id)
      .describe()
      .then(
        () => true,
        () => false,
      );
  const broken = () =>
    jobs.admin<{ law: string; kind: string }>('select law, kind from law_violation order by law, kind');
  const gauge = async (law: string): Promise<string | undefined> =>
    new RegExp(`uno_law_violations\\{law="${law}"\\} (\\d+)`).exec(await fixture.metrics.registry.metrics())?.[1];

  test('of a final job are checked once, stay broken while they are, and are mended when they are found so', async () => {
    const by = await jobs.holding();
    await jobs.pay(by, 0);
    await jobs.complete(by);
    await waitUntil(() => isKnown(jobWorkflowId(by.jobId)), { what: 'the workflow' });
    await jobs.client.workflow.getHandle(jobWorkflowId(by.jobId)).terminate();
    await jobs.admin(`update job_hold set amount = amount + 1`);
    expect(await fixture.reconciler.tick('a')).toMatchObject({ laws: 1 });
    expect(await broken()).toEqual([{ law: 'L4', kind: 'hold_amount' }]);
    expect([await gauge('L4'), await gauge('L6')]).toEqual(['1', '0']);
    expect(await fixture.reconciler.tick('b')).toMatchObject({ laws: 1 });
    expect(await broken()).toHaveLength(1);
    await jobs.admin(`update job_hold set amount = amount - 1`);
    await fixture.reconciler.tick('c');
    expect([await broken(), await gauge('L4')]).toEqual([[], '0']);
    expect(await fixture.reconciler.tick('d')).toMatchObject({ laws: 0 });
    expect(await fixture.metrics.registry.metrics()).toMatch(/uno_reconciler_last_tick_seconds \d+/);
  });

  test('of a job whose undo is parked are checked when it is parked, and again when it is final', async () => {
    const by = await jobs.holding();
    await jobs.pay(by, 0);
    await jobs.undo(by);
    await jobs.admin(`update job set state = 'compensation_failed', finished_at = null`);
    await jobs.admin(`update job_hold set amount = amount + 1`);
    expect(await fixture.reconciler.tick('a')).toMatchObject({ laws: 1 });
    expect(await broken()).toEqual([{ law: 'L4', kind: 'hold_amount' }]);
    await jobs.admin(`update job_hold set amount = amount - 1`);
    await fixture.reconciler.tick('b');
    expect([await broken(), await fixture.reconciler.tick('c')]).toEqual([[], expect.objectContaining({ laws: 0 })]);
    await jobs.admin(`update job set state = 'failed', finished_at = clock_timestamp()`);
    await jobs.admin(`update job_hold set amount = amount + 1`);
    await fixture.reconciler.tick('d');
    expect(await broken()).toEqual([{ law: 'L4', kind: 'hold_amount' }]);
  });

  test('of the ledger find what was captured for no job until it is refunded', async () => {
    const { workspaceId } = jobs;
    await jobs.holding();
    const held = await billing.client.hold({ workspaceId, jobId: 'job_forged', n: 1, amount: 5, ttlSeconds: 600 });
    if (held.outcome !== 'held') throw new Error('nothing was held');
    const line = { cellVersionId: '991', amount: 2, jobId: 'job_forged', pageNo: 0, columnId: 'col' };
    const capture = { holdId: held.holdId, jobId: 'job_forged', pageNo: 0, n: 1, lines: [line] };
    await fixture.reconciler.tick('a');
    const captured = await billing.client.capture(capture);
    if (captured.outcome !== 'captured') throw new Error('nothing was captured');
    for (const tick of ['b', 'c']) {
      await fixture.reconciler.tick(tick);
      expect(await broken()).toEqual([{ law: 'L6', kind: 'captured_for_unknown_job' }]);
    }
    await billing.client.refund(captured.captureId);
    await fixture.reconciler.tick('d');
    expect(await broken()).toEqual([]);
  });

  test('of the ledger are folded on from where it was in order, and stay found from there', async () => {
    const by = await jobs.holding();
    await fixture.reconciler.tick('a');
    const mark = () => jobs.admin<{ entry_id: number }>('select entry_id from ledger_mark');
    const before = await mark();
    await jobs.pay(by, 0);
    await billing.tamper(
      `alter table account disable trigger user; alter table account drop constraint account_books_balance;
       update account set spent = spent + 1 where id = '${jobs.workspaceId}'; alter table account enable trigger user`,
    );
    for (const tick of ['b', 'c']) {
      await fixture.reconciler.tick(tick);
      expect(await broken()).toEqual([
        { law: 'L1', kind: 'balance_unequal' },
        { law: 'L3', kind: 'balance_not_fold' },
      ]);
      expect(await mark()).toEqual(before);
    }
  });
});
