import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BillingClient } from '../src/billing/billing.client.js';
import type { Config } from '../src/config/config.js';
import { withIdempotency } from '../src/idempotency/idempotency.js';
import { acceptJob } from '../src/jobs/accept-job.js';
import type { Fence } from '../src/jobs/job-lock.js';
import { jobRequest } from '../src/jobs/job-request.js';
import { completeJob, fenceJob, finishJob } from '../src/jobs/job-state.js';
import { steerJob } from '../src/jobs/steer-job.js';
import { jobFixture } from './job-fixture.js';
import type { JobFixture } from './job-fixture.js';

let fixture: JobFixture;
beforeEach(async () => {
  fixture = await jobFixture({ rows: 2, columns: 1 });
});
afterEach(() => fixture.stop());

const begun = async (): Promise<Fence> => fixture.begin((await fixture.accept()).id);
const cancel = (by: Fence): Promise<void> =>
  fixture.database.inWorkspace(by.workspaceId, (sql) => steerJob(sql, by, { action: 'cancel', actor: 'key_test' }));
const FAILED = { target: 'failed', failure: { code: 'internal' } } as const;

describe('rule R13, idempotency keys', () => {
  test('twenty requests with one key at once make one job and one order to start it', async () => {
    const { database, workspaceId, listId, columnIds } = fixture;
    const request = jobRequest.parse({ columnIds, scope: { type: 'all' } });
    const post = (): Promise<string> =>
      database.inWorkspace(workspaceId, (sql) =>
        withIdempotency(sql, { workspaceId, key: 'k-1', request, status: 202 }, async () => {
          const { id } = await acceptJob(sql, { workspaceId, listId }, { request, createdBy: 'key_test' });
          return id;
        }),
      );
    const answers = await Promise.allSettled(Array.from({ length: 20 }, post));
    const ids = new Set(answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : [])));
    expect(ids.size).toBe(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'idempotency_key_in_use' });
    }
    expect(ids).toEqual(new Set([await post()]));
    expect(await fixture.admin(`select count(*)::integer as n from outbox where topic = 'start-job'`)).toEqual([
      { n: 1 },
    ]);
  });

  test('the keys under which billing is asked are literal, one for each effect', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(
        `${request.method} ${request.url?.replace(/^\/v1/, '')} ${String(request.headers['idempotency-key'])}`,
      );
      response.writeHead(/close$|renew$/.test(request.url ?? '') ? 200 : 201, { 'content-type': 'application/json' });
      response.end('{"id":"h1","reference":"j1","amount":1,"captured":0,"released":0,"expired":0,"state":"open"}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const billingUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new BillingClient({ billingUrl, billingKey: 'k', billingTimeoutSeconds: 10 } as Config);
    await client.hold({ workspaceId: 'w1', jobId: 'j1', n: 1, amount: 1, ttlSeconds: 1 });
    await client.capture({ holdId: 'h1', jobId: 'j1', pageNo: 7, n: 1, lines: [] });
    await client.renew({ holdId: 'h1', jobId: 'j1', n: 1, k: 3, ttlSeconds: 1 });
    await client.refund('c1');
    await client.closeReference('w1', 'j1');
    server.close();
    expect(asked).toEqual([
      'POST /accounts/w1/holds hold:j1:1',
      'POST /holds/h1/captures capture:j1:7:1',
      'POST /holds/h1/renew renew:j1:1:3',
      'POST /captures/c1/refunds refund:c1',
      'POST /accounts/w1/holds/close close:j1',
    ]);
  });
});

describe('rule R14, the finish', () => {
  test('of a job whose cancel was acknowledged is refused, before and after it entered completing', async () => {
    const early = await begun();
    await cancel(early);
    await expect(completeJob(fixture.database, early)).rejects.toMatchObject({ type: 'CancelAcknowledged' });
    const late = await begun();
    await completeJob(fixture.database, late);
    await cancel(late);
    await expect(finishJob(fixture.database, late)).rejects.toMatchObject({ type: 'CancelAcknowledged' });
    const fenced = await fenceJob(fixture.database, late, 'compensation:1', FAILED);
    expect(await finishJob(fixture.database, { ...late, ...fenced })).toBe('cancelled');
  });

  test('of a job that is neither completing nor undone is refused', async () => {
    const by = await begun();
    await expect(finishJob(fixture.database, by)).rejects.toThrow();
    expect((await fixture.view(by.jobId)).state).toBe('running');
  });

  test('is repeated under its own fence with the same answer, one alert and no change', async () => {
    const by = await begun();
    const undoer = { ...by, ...(await fenceJob(fixture.database, by, 'compensation:1', FAILED)) };
    expect(await finishJob(fixture.database, undoer)).toBe('failed');
    const before = await fixture.view(by.jobId);
    expect(await finishJob(fixture.database, undoer)).toBe('failed');
    expect(await fixture.view(by.jobId)).toEqual(before);
    const alerts = await fixture.admin(`select payload from outbox where topic = 'alert'`);
    expect(alerts).toEqual([{ payload: { alert: 'job_failed', jobId: by.jobId, code: 'internal' } }]);
    await expect(finishJob(fixture.database, by)).rejects.toMatchObject({ type: 'Superseded' });
  });

  test('of a completed job leaves no action that could change it', async () => {
    const by = await begun();
    await completeJob(fixture.database, by);
    await completeJob(fixture.database, by);
    expect(await finishJob(fixture.database, by)).toBe('completed');
    expect(await finishJob(fixture.database, by)).toBe('completed');
    await expect(cancel(by)).rejects.toMatchObject({ code: 'state_conflict' });
    await expect(fenceJob(fixture.database, by, 'compensation:1', FAILED)).rejects.toMatchObject({
      type: 'Superseded',
    });
  });

  test('a race of cancel and finish has one winner, and an acknowledged cancel is never lost', async () => {
    for (let round = 0; round < 10; round += 1) {
      const by = await begun();
      await completeJob(fixture.database, by);
      const [finished, cancelled] = await Promise.allSettled([finishJob(fixture.database, by), cancel(by)]);
      expect([finished.status, cancelled.status].sort()).toEqual(['fulfilled', 'rejected']);
      const { state } = await fixture.view(by.jobId);
      expect(state).toBe(finished.status === 'fulfilled' ? 'completed' : 'completing');
    }
  });
});
