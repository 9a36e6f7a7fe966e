import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testTemporal, waitUntil, type TestTemporal } from '@uno/testing';
import { bundleOf, CallLog, runTestWorker } from './test-worker.js';

describe('a saga on a real Temporal server', () => {
  const log = new CallLog();
  let temporal: TestTemporal;
  let taskQueue: string;
  let code: string;
  let stopWorker: () => Promise<void>;

  beforeAll(async () => {
    temporal = await testTemporal();
    taskQueue = temporal.uniqueQueue('saga');
    code = await bundleOf('saga.workflows.ts');
    stopWorker = await runTestWorker({ address: temporal.address, taskQueue, code, activities: log });
  });

  afterAll(async () => {
    await stopWorker();
    await temporal.close();
  });

  const run = async (workflowType: string, ...args: unknown[]): Promise<{ result: unknown; calls: string[] }> => {
    const workflowId = randomUUID();
    const result = await temporal.client.workflow.execute(workflowType, { taskQueue, workflowId, args });
    return { result, calls: log.of(workflowId) };
  };

  test('undoes what was registered, also the step that failed, and nothing of what was not reached', async () => {
    const { result, calls } = await run('failingStepWorkflow');
    expect(result).toBe('undone');
    expect(calls.slice(0, 2)).toEqual(['open', 'hold']);
    expect(calls.slice(2).sort()).toEqual(['close', 'restore']);
  });

  test('runs the phases one after another and the members of a phase side by side', async () => {
    const { calls } = await run('phasesWorkflow');
    expect(calls.slice(0, 2).sort()).toEqual(['cells begins', 'money begins']);
    expect(calls.slice(2, 4).sort()).toEqual(['cells ends', 'money ends']);
    expect(calls.slice(4)).toEqual(['provider']);
  });

  test('lets the neighbours of a failed compensation end and does not begin the next phase', async () => {
    const workflowId = randomUUID();
    const failure = await temporal.client.workflow
      .execute('failingPhaseWorkflow', { taskQueue, workflowId })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect(log.of(workflowId)).toContain('cells ends');
    expect(log.of(workflowId)).not.toContain('provider');
  });

  test('does not compensate when somebody else owns the work', async () => {
    expect(await run('supersededWorkflow')).toEqual({ result: 'superseded', calls: ['settle'] });
  });

  test('stops an undo when somebody else takes over in the middle of it', async () => {
    expect(await run('supersededUndoWorkflow')).toEqual({ result: 'superseded', calls: ['hold', 'fence'] });
  });

  test('lets continue-as-new through instead of compensating it', async () => {
    expect(await run('continuingWorkflow', 2)).toEqual({ result: 'done', calls: [] });
  });

  test('compensates a cancellation to its end, even when it is cancelled again meanwhile', async () => {
    const workflowId = randomUUID();
    const handle = await temporal.client.workflow.start('cancelledWorkflow', { taskQueue, workflowId });
    await waitUntil(() => log.of(workflowId).includes('call'), { what: 'the call to begin' });
    await handle.cancel();
    await waitUntil(() => log.of(workflowId).includes('restore begins'), { what: 'the compensation to begin' });
    await handle.cancel();
    expect(await handle.result()).toBe('undone');
    expect(log.of(workflowId)).toEqual(['call', 'restore begins', 'restore ends']);
  });

  test('does not compensate a programming error: the work goes on after the fix', async () => {
    const workflowId = randomUUID();
    const handle = await temporal.client.workflow.start('programmingErrorWorkflow', {
      taskQueue,
      workflowId,
      workflowTaskTimeout: '1s',
    });
    await waitUntil(() => log.of(workflowId).includes('open'), { what: 'the first step' });
    await handle.signal('goOn');
    await waitUntil(() => failedTasks(handle), { what: 'the workflow task to fail' });
    expect((await handle.describe()).status.name).toBe('RUNNING');
    expect(log.of(workflowId)).toEqual(['open']);

    await stopWorker();
    const fixed = await bundleOf('fixed-saga.workflows.ts');
    stopWorker = await runTestWorker({ address: temporal.address, taskQueue, code: fixed, activities: log });
    expect(await handle.result()).toBe('done');
    expect(log.of(workflowId)).toEqual(['open', 'settle']);
  });

  async function failedTasks(handle: {
    fetchHistory(): Promise<{ events?: { workflowTaskFailedEventAttributes?: unknown }[] | null }>;
  }): Promise<boolean> {
    const { events } = await handle.fetchHistory();
    return (events ?? []).some(
      ({ workflowTaskFailedEventAttributes: failed }) => failed !== null && failed !== undefined,
    );
  }
});
