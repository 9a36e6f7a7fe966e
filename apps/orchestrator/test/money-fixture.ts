import type { BillingClient } from '../src/billing/billing.client.js';
import { holdCredits, releaseHold, sealAndCapture } from '../src/jobs/job-credits.js';
import type { Money } from '../src/jobs/job-credits.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { completeJob, fenceJob, finishJob } from '../src/jobs/job-state.js';
import { refundCaptures, restorePages } from '../src/jobs/undo-credits.js';
import { openPage } from '../src/pages/open-page.js';
import type { BillingProcess } from './billing-process.js';
import { jobFixture } from './job-fixture.js';
import type { JobFixture } from './job-fixture.js';

export interface MoneyFixture extends JobFixture {
  readonly money: Money;
  /** An accepted job that holds its credits. */
  holding(request?: Record<string, unknown>): Promise<Fence>;
  /** Opens, fills, seals and captures a page. */
  pay(by: Fence, pageNo: number): Promise<void>;
  /** What a compensation does, in the order of rule R7. */
  undo(by: Fence, target?: 'failed' | 'cancelled'): Promise<string>;
  /** Completes the job as its workflow does. */
  complete(by: Fence): Promise<string>;
}

/** A list with credits at the real billing service, and the steps of a job as functions. */
export async function moneyFixture(
  billing: BillingProcess,
  { credits = 1_000, ...list }: { credits?: number; rows?: number; columns?: number; price?: number } = {},
): Promise<MoneyFixture> {
  const fixture = await jobFixture(list);
  const money: Money = { database: fixture.database, billing: billing.client };
  if (credits > 0) await billing.grant(fixture.workspaceId, credits);
  return {
    ...fixture,
    money,
    holding: async (request = {}) => {
      const by = await fixture.begin((await fixture.accept(request)).id);
      await holdCredits(money, by, 3_600);
      return by;
    },
    pay: async (by, pageNo) => {
      await openPage(fixture.database, by, pageNo);
      await fixture.fillPage(by, pageNo);
      await sealAndCapture(money, by, [pageNo]);
    },
    undo: async (by, target = 'failed') => {
      const cause = { target, ...(target === 'failed' && { failure: { code: 'internal' } }) };
      const fenced = await fenceJob(fixture.database, by, 'compensation:1', cause);
      const undoer = { ...by, ...fenced };
      await releaseHold(money, undoer);
      await restorePages(money, undoer, { mode: fenced.mode, fromPage: 0 });
      await refundCaptures(money, undoer);
      return finishJob(fixture.database, undoer);
    },
    complete: async (by) => {
      await completeJob(fixture.database, by);
      await releaseHold(money, by);
      return finishJob(fixture.database, by);
    },
  };
}

/** Billing whose answers to some calls are lost on the way: the call has its effect, the caller gets an error. */
export function losingAnswers(
  client: BillingClient,
  lose: readonly ('hold' | 'renew' | 'capture' | 'refund')[],
): BillingClient {
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      if (!lose.some((each) => each === name)) return method;
      return async (...args: unknown[]) => {
        await method(...args);
        throw new Error('The answer was lost');
      };
    },
  });
}
