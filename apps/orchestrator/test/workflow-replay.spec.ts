import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { HISTORIES, WORKFLOWS, bundle } from './workflow-fixture.js';

/**
 * Histories of real jobs. A change that breaks them breaks the jobs that run while it is deployed. They are recorded by
 * `UNO_RECORD_HISTORIES=1 npm test -- workflow-job absent-service workflow-graph`.
 */
const OUTCOMES = ['completed', 'failed', 'cancelled', 'service-absent', 'completed-in-steps'];

let code: string;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), shutdownSignals: [] });
  ({ code } = await bundle(WORKFLOWS));
});

const read = async (name: string): Promise<History> =>
  historyFromJSON(JSON.parse(await readFile(`${HISTORIES}/${name}.json`, 'utf8')));

const replay = (history: History): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle: { code } }, history, 'job:of-a-history');

describe.each(OUTCOMES)('the history of a job that was %s', (name) => {
  test('replays on the code as it is', async () => {
    await expect(replay(await read(name))).resolves.toBeUndefined();
  });

  test('shows no step that gives up by itself, nor one that pauses more than ten seconds between two tries', async () => {
    const steps = (await read(name)).events?.flatMap((event) => event.activityTaskScheduledEventAttributes ?? []) ?? [];
    expect(steps.length).toBeGreaterThan(3);
    for (const { retryPolicy, scheduleToCloseTimeout } of steps) {
      expect(Number(retryPolicy?.maximumInterval?.seconds)).toBeLessThanOrEqual(10);
      expect(retryPolicy?.maximumAttempts ?? 0).toBe(0);
      expect(Number(scheduleToCloseTimeout?.seconds ?? 0)).toBe(0);
    }
  });

  test('does not replay when one of its steps was another', async () => {
    const history = await read(name);
    const step = history.events?.findLast((event) => event.activityTaskScheduledEventAttributes);
    const type = step?.activityTaskScheduledEventAttributes?.activityType;
    expect(type?.name).toBe('finishJob');
    if (type) type.name = 'anotherStep';
    await expect(replay(history)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  });
});
