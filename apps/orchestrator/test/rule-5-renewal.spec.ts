import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BillingUnavailable } from '../src/billing/billing.client.js';
import { renewHolds } from '../src/jobs/renew-holds.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { billingForThisFile } from './billing-process.js';
import { losingAnswers, moneyFixture } from './money-fixture.js';
import type { MoneyFixture } from './money-fixture.js';

const billing = await billingForThisFile();
let fixture: MoneyFixture;
beforeEach(async () => {
  fixture = await moneyFixture(billing, { rows: 30, columns: 1, credits: 100 });
});
afterEach(() => fixture.stop());

/** Time passes, for us and for billing: the fixture's holds live an hour. */
async function pass(by: Fence, minutes: number): Promise<void> {
  await fixture.admin(
    `update job_hold set created_at = created_at - make_interval(mins => $2),
       renewal_asked_at = renewal_asked_at - make_interval(mins => $2) where job_id = $1`,
    [by.jobId, minutes],
  );
  await billing.tamper(
    `update hold set expires_at = expires_at - make_interval(mins => $2) where reference = $1 and state = 'open'`,
    [by.jobId, minutes],
  );
}
const renew = () => renewHolds(fixture.money);
const isHeld = async () => (await billing.account(fixture.workspaceId)).held > 0;
const renewals = () => fixture.admin('select n, renewals, renewal_open from job_hold order by n');

describe('rule R5, the renewal', () => {
  test('happens at half of the time to live, for ever, while the job lives and though it stands still', async () => {
    const by = await fixture.holding();
    await pass(by, 29);
    expect(await renew()).toBe(0);
    for (let k = 1; k <= 5; k += 1) {
      await pass(by, k === 1 ? 2 : 31);
      expect(await renew()).toBe(1);
      expect(await renew()).toBe(0);
      expect(await renewals()).toEqual([{ n: 1, renewals: k, renewal_open: false }]);
      expect(await isHeld()).toBe(true);
    }
    await fixture.admin(`update job set state = 'paused'`);
    await pass(by, 31);
    expect(await renew()).toBe(1);
  });

  test('whose answer was lost is asked for under the same key, and its time counts from when it was asked first', async () => {
    const by = await fixture.holding();
    await pass(by, 31);
    const lossy = { ...fixture.money, billing: losingAnswers(billing.client, ['renew']) };
    await expect(renewHolds(lossy)).rejects.toThrow('The answer was lost');
    expect(await renewals()).toEqual([{ n: 1, renewals: 1, renewal_open: true }]);
    await pass(by, 40);
    expect(await renew()).toBe(1);
    expect(await renewals()).toEqual([{ n: 1, renewals: 1, renewal_open: false }]);
    // Renewed 40 minutes ago, so the next one is due at once; counted from now it would come too late.
    expect(await renew()).toBe(1);
    await pass(by, 29);
    expect(await isHeld()).toBe(true);
    expect(await renewals()).toEqual([{ n: 1, renewals: 2, renewal_open: false }]);
  });

  test('by several replicas at once is one renewal', async () => {
    const by = await fixture.holding();
    await pass(by, 31);
    await Promise.allSettled([renew(), renew(), renew(), renew()]);
    await renew();
    expect(await renewals()).toEqual([{ n: 1, renewals: 1, renewal_open: false }]);
  });

  test('of a hold that ended revives nothing and is no error', async () => {
    const by = await fixture.holding();
    await pass(by, 61);
    expect(await renew()).toBe(0);
    expect(await isHeld()).toBe(false);
    expect(await renew()).toBe(0);
    await billing.client.closeReference(by.workspaceId, by.jobId);
    await pass(by, 31);
    expect(await renew()).toBe(0);
    expect(await isHeld()).toBe(false);
  });

  test('passes by jobs that are final, that are undone, or that have a later generation', async () => {
    const done = await fixture.holding();
    await fixture.complete(done);
    await pass(done, 31);
    expect(await renew()).toBe(0);
    const by = await fixture.holding();
    await pass(by, 31);
    await fixture.admin(
      `insert into job_hold (workspace_id, job_id, n, amount, ttl_seconds) values ($1, $2, 2, 5, 3600)`,
      [by.workspaceId, by.jobId],
    );
    expect(await renew()).toBe(0);
    await fixture.admin(`update job set state = 'compensating' where id = $1`, [by.jobId]);
    expect(await renew()).toBe(0);
  });

  test('that billing cannot do now is still due, and one that it refuses does not stand in the way of others', async () => {
    const [first, second] = [await fixture.holding(), await fixture.begin((await fixture.accept()).id, 'run-2')];
    await fixture.admin(
      `insert into job_hold (workspace_id, job_id, n, amount, ttl_seconds, hold_id, created_at)
       values ($1, $2, 1, 1, 3600, 'hold_unknown', now() - interval '2 hours')`,
      [second.workspaceId, second.jobId],
    );
    await pass(first, 31);
    expect(await renew()).toBe(1);
    const away = { ...fixture.money, billing: Object.create(billing.client) };
    away.billing.renew = () => Promise.reject(new BillingUnavailable('away'));
    await pass(first, 31);
    await expect(renewHolds(away)).rejects.toThrow('away');
    expect(await renew()).toBe(1);
  });
});
