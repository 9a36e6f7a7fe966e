import { ActivityCancellationType, condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import { runSaga } from '@uno/workflow-contracts/workflow';
import type { TestActivities } from './activities.js';

const { act } = proxyActivities<TestActivities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '5s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { maximumAttempts: 1 },
});

/** `programmingErrorWorkflow` of `saga.workflows.ts` after the fix. */
export async function programmingErrorWorkflow(): Promise<string> {
  let mayGoOn = false;
  setHandler(defineSignal('goOn'), () => void (mayGoOn = true));
  return runSaga<'cells', string>({
    run: async (saga) => {
      saga.register('cells', () => act('restore'));
      await act('open');
      await condition(() => mayGoOn);
      await act('settle');
      return 'done';
    },
    undo: async () => 'undone',
    superseded: () => 'superseded',
  });
}
