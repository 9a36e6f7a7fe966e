import { randomUUID } from 'node:crypto';
import { ApplicationFailure, CancelledFailure, ChildWorkflowFailure, TimeoutFailure } from '@temporalio/common';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testTemporal, waitUntil, type TestTemporal } from '@uno/testing';
import { CONTRACT_VIOLATION_FAILURE } from '@uno/workflow-contracts';
import { bundleOf, CallLog, runTestWorker } from './test-worker.js';
import type { ParentInput } from './workflows/contract.workflows.js';

const RESULT = { filled: 1, notFound: 0, error: 0, skipped: 0 };
const page = (jobId: string) => ({ jobId, pageNo: 0, stepNo: 0, fence: 1, count: 1 });

describe('a child that is started by its contract', () => {
  const log = new CallLog();
  let temporal: TestTemporal;
  let taskQueue: string;
  let stopWorker: () => Promise<void>;

  beforeAll(async () => {
    temporal = await testTemporal();
    taskQueue = temporal.uniqueQueue('contract');
    const code = await bundleOf('contract.workflows.ts');
    stopWorker = await runTestWorker({ address: temporal.address, taskQueue, code, activities: log });
  });

  afterAll(async () => {
    await stopWorker();
    await temporal.close();
  });

  const start = (
    input: Partial<Omit<ParentInput, 'page'>> & { page: unknown },
    type = 'parentWorkflow',
  ): Promise<WorkflowHandle> =>
    temporal.client.workflow.start(type, {
      taskQueue,
      workflowId: randomUUID(),
      args: [{ taskQueue, childId: randomUUID(), ...input }],
    });

  const failureOf = async (handle: WorkflowHandle): Promise<WorkflowFailedError> => {
    const error = await handle.result().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    return error as WorkflowFailedError;
  };

  test('answers what the contract says', async () => {
    const handle = await start({ page: page('quick') });
    expect(await handle.result()).toEqual(RESULT);
  });

  test('runs again under an id whose workflow has closed', async () => {
    const childId = randomUUID();
    for (let round = 0; round < 2; round += 1) {
      const handle = await start({ childId, page: page('quick') });
      expect(await handle.result()).toEqual(RESULT);
    }
    expect(log.names().filter((name) => name === `child ${childId} begins`)).toHaveLength(2);
  });

  test('takes the next suffix beside a child that still runs, and leaves that one alone', async () => {
    const childId = randomUUID();
    const first = await temporal.client.workflow.start('fillPageWorkflow', {
      taskQueue,
      workflowId: childId,
      args: [page('waits')],
    });
    const handle = await start({ childId, page: page('quick') });
    expect(await handle.result()).toEqual(RESULT);
    expect(log.names()).toContain(`child ${childId}:2 begins`);
    expect((await first.describe()).status.name).toBe('RUNNING');
    await first.terminate();
  });

  test('is ended by the server where it does not end in time, though its team has no workers', async () => {
    const handle = await start({
      ...{ taskQueue: temporal.uniqueQueue('absent'), page: page('quick'), endsWithinSeconds: 1 },
    });
    expect((await failureOf(handle)).cause?.cause).toBeInstanceOf(TimeoutFailure);
  });

  test('does not hold up a cancellation when the team has no workers', async () => {
    const childId = randomUUID();
    const handle = await start({ taskQueue: temporal.uniqueQueue('absent'), childId, page: page('quick') });
    const child = temporal.client.workflow.getHandle(childId);
    await waitUntil(() => child.describe(), { what: 'the child to be started' });
    await handle.cancel();
    expect((await failureOf(handle)).cause).toBeInstanceOf(CancelledFailure);
    expect((await child.describe()).status.name).toBe('RUNNING');
    await child.terminate();
  });

  test('is asked to stop, not terminated, when its parent is cancelled', async () => {
    const childId = randomUUID();
    const handle = await start({ childId, page: page('waits') });
    await waitUntil(() => log.names().includes(`child ${childId} begins`), { what: 'the child to begin' });
    await handle.cancel();
    await failureOf(handle);
    await waitUntil(() => log.names().includes(`child ${childId} was asked to stop`), {
      what: 'the child to be asked',
    });
  });

  test('is asked to stop at once, also while its cancelled parent is still busy undoing', async () => {
    const childId = randomUUID();
    const handle = await start({ childId, page: page('waits') }, 'undoingParentWorkflow');
    await waitUntil(() => log.names().includes(`child ${childId} begins`), { what: 'the child to begin' });
    await handle.cancel();
    await waitUntil(() => log.names().includes(`child ${childId} was asked to stop`), {
      what: 'the child to be asked',
    });
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.signal('undone');
    expect((await failureOf(handle)).cause).toBeInstanceOf(CancelledFailure);
  });

  test('does not keep its parent for ever when the cancellation comes before it is started', async () => {
    const childId = randomUUID();
    const handle = await start({ childId, page: page('waits') }, 'hesitatingParentWorkflow');
    await waitUntil(() => log.names().includes(`hesitation before ${childId} begins`), { what: 'the parent to begin' });
    await handle.cancel();
    expect((await failureOf(handle)).cause).toBeInstanceOf(CancelledFailure);
    await waitUntil(() => log.names().includes(`child ${childId} was asked to stop`), {
      what: 'the child to be asked',
    });
  });

  test('is asked to stop when its parent ends without waiting for it', async () => {
    const childId = randomUUID();
    const handle = await start({ childId, page: page('waits') }, 'leavingParentWorkflow');
    await handle.result();
    await waitUntil(() => log.names().includes(`child ${childId} was asked to stop`), {
      what: 'the child to be asked',
    });
  });

  test('fails at once for an input that breaks its contract, naming the field and not the value', async () => {
    const handle = await start({ page: { ...page('quick'), pageNo: 'the canary' } });
    const violation = await violationOf(handle);
    expect(violation.nonRetryable).toBe(true);
    expect(violation.message).toContain('pageNo');
    expect(JSON.stringify([violation.message, violation.details])).not.toContain('canary');
  });

  test('fails its parent for an answer that breaks the contract, naming the field and not the value', async () => {
    const handle = await start({ page: page('answers-badly') });
    const { cause } = await failureOf(handle);
    expect(cause).toMatchObject({ type: CONTRACT_VIOLATION_FAILURE, nonRetryable: true });
    expect(cause?.message).toContain('filled');
    expect(cause?.message).not.toContain('canary');
  });

  async function violationOf(handle: WorkflowHandle): Promise<ApplicationFailure> {
    const { cause } = await failureOf(handle);
    expect(cause).toBeInstanceOf(ChildWorkflowFailure);
    const violation = cause?.cause;
    expect(violation).toBeInstanceOf(ApplicationFailure);
    expect(violation).toMatchObject({ type: CONTRACT_VIOLATION_FAILURE });
    return violation as ApplicationFailure;
  }
});
