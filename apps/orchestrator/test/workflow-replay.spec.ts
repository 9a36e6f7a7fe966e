import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { HISTORIES, WORKFLOWS, bundle } from './workflow-fixture.js';

/**
 * Histories of real jobs. A change that breaks them breaks the jobs that run while it is deployed. They are recorded by
 * `UNO_RECORD_HISTORIES=1 npm test -- workflow-job`.
 */
const OUTCOMES = ['completed', 'failed', 'cancelled'];

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

  test('does not replay when one of its steps was another', async () => {
    const history = await read(name);
    const step = history.events?.findLast((event) => event.activityTaskScheduledEventAttributes);
    const type = step?.activityTaskScheduledEventAttributes?.activityType;
    expect(type?.name).toBe('finishJob');
    if (type) type.name = 'anotherStep';
    await expect(replay(history)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  });
});
