import { afterEach, describe, expect, test } from '@jest/globals';
import { jobWorkflowId } from '@uno/workflow-contracts';
import { waitUntil } from '@uno/testing';
import { awaitEndOfFills } from '../src/effects/ended-fill-children.js';
import { stepsToRevert } from '../src/effects/steps-to-revert.js';
import { serversForThisFile } from './workflow-fixture.js';
import { pageFailed, writingJobs } from './writing-jobs.js';
import type { WritingJobs } from './writing-jobs.js';

const { billing, side } = await serversForThisFile();
let jobs: WritingJobs;
afterEach(() => jobs.stop());

describe('rule R7, the revert of external effects', () => {
  test('takes back what was written, once, after cells and credits are right', async () => {
    jobs = await writingJobs(side, billing);
    jobs.behave = jobs.failOnSecond;
    let atRevert: unknown;
    jobs.revert = async (input) => {
      atRevert ??= [await billing.account(jobs.workspaceId), (await jobs.view(input.jobId)).totals.pending];
      return jobs.takeBack(input);
    };
    const { id } = await jobs.accept();
    expect(await jobs.final(id)).toMatchObject({ state: 'failed', failure: { code: 'provider_down' } });
    expect(atRevert).toEqual([expect.objectContaining({ available: 1_000, held: 0, spent: 0 }), 0]);
    await jobs.expectUndone(id);
  });

  test('under keep leaves the paid pages as they were written', async () => {
    jobs = await writingJobs(side, billing);
    jobs.behave = jobs.failOnSecond;
    const { id } = await jobs.accept({ onFailure: 'keep' });
    expect((await jobs.final(id)).state).toBe('failed');
    expect([...jobs.crm.records.keys()]).toHaveLength(20);
    expect(jobs.crm.records.get('Company 1')).toEqual({ industry: 'Mining' });
    const { reverts, totals } = await jobs.view(id);
    expect([reverts?.records, reverts?.reverted, totals.filled]).toEqual([10, 10, 20]);
  });

  test('of a job that completes, or that wrote nothing, asks nobody', async () => {
    jobs = await writingJobs(side, billing);
    jobs.behave = jobs.write;
    jobs.revert = () => Promise.reject(new Error('nobody should ask'));
    const { id } = await jobs.accept();
    expect((await jobs.final(id)).state).toBe('completed');
    expect(await jobs.view(id)).not.toHaveProperty('reverts');
    jobs.behave = (input) => Promise.reject(pageFailed('provider_down', input));
    const nothing = await jobs.accept();
    expect((await jobs.final(nothing.id)).state).toBe('failed');
    const { events = [] } = await jobs.client.workflow.getHandle(jobWorkflowId(nothing.id)).fetchHistory();
    const steps = events?.flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []);
    expect(steps).not.toContain('dueReverts');
  });

  test('waits until a fill that is still under way has ended, so that no write lands behind its own revert', async () => {
    jobs = await writingJobs(side, billing);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let written = false;
    jobs.behave = async (input) => {
      const counts = await jobs.write(input);
      written ||= input.pageNo === 1;
      if (input.pageNo === 1) await gate;
      return counts;
    };
    const { id } = await jobs.accept();
    await waitUntil(() => written, { what: 'the write' });
    await jobs.steer(id, 'cancel');
    await waitUntil(async () => (await jobs.view(id)).reverts !== undefined, { what: 'the reverts to be due' });
    // Long enough for it to look more than once.
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(jobs.crm.calls.some((call) => call.startsWith('revert'))).toBe(false);
    expect((await jobs.view(id)).state).toBe('compensating');
    release();
    expect((await jobs.final(id)).state).toBe('cancelled');
    await jobs.expectUndone(id);
  });

  test('waits for no fill that nobody knows of longer than a call to a provider may take', async () => {
    jobs = await writingJobs(side, billing, { startWorkers: false });
    const step = { pageNo: 0, stepNo: 0, service: 'enrich', taskQueue: 'enrich' };
    const ended = (undoBeganAt: Date) =>
      awaitEndOfFills(jobs.client, 'job_of_nobody', { steps: [step], undoBeganAt }).then(() => 'ended');
    expect(await ended(new Date(Date.now() - 60_000))).toBe('ended');
    expect(await Promise.race([ended(new Date(Date.now() - 58_000)), Promise.resolve('waits')])).toBe('waits');
  });

  test('goes on from outside where one workflow would have too many steps', async () => {
    jobs = await writingJobs(side, billing, { startWorkers: false });
    jobs.behave = jobs.failOnSecond;
    const dueReverts = async (by: Parameters<typeof stepsToRevert>[1]) => {
      const { steps, more } = await stepsToRevert(jobs.database, by, 1);
      return { steps, more, budgetSeconds: 60 };
    };
    await jobs.startWorkers({ dueReverts: dueReverts as never });
    const { id } = await jobs.accept();
    expect((await jobs.final(id)).state).toBe('failed');
    expect(await jobs.outcome(jobWorkflowId(id))).toEqual({ state: 'failed' });
    await jobs.expectUndone(id);
  });
});
