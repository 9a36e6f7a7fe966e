import {
  ActivityCancellationType,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import { runSaga, type Saga } from '@uno/workflow-contracts/workflow';
import type { TestActivities } from './activities.js';

const { act, actAndFail, actSlowly, actUntilCancelled } = proxyActivities<TestActivities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '5s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { maximumAttempts: 1 },
});

type Phase = 'money' | 'cells' | 'provider';
const ORDER: readonly (readonly Phase[])[] = [['money', 'cells'], ['provider']];

interface Story {
  readonly run: (saga: Saga<Phase>) => Promise<string>;
  readonly undo?: (saga: Saga<Phase>) => Promise<string>;
}

function tell({ run, undo }: Story): Promise<string> {
  return runSaga<Phase, string>({
    run,
    undo:
      undo ??
      (async (saga) => {
        await saga.compensate(ORDER);
        return 'undone';
      }),
    superseded: () => 'superseded',
  });
}

/** The second step fails after its effect; the third is never reached. */
export async function failingStepWorkflow(): Promise<string> {
  return tell({
    run: async (saga) => {
      saga.register('cells', () => act('restore'));
      await act('open');
      saga.register('money', () => act('close'));
      await actAndFail('hold', 'Refused');
      saga.register('provider', () => act('revert'));
      return 'done';
    },
  });
}

export async function supersededWorkflow(): Promise<string> {
  return tell({
    run: async (saga) => {
      saga.register('cells', () => act('restore'));
      await actAndFail('settle', 'Superseded');
      return 'done';
    },
  });
}

/** Somebody takes the job over while it is being undone. */
export async function supersededUndoWorkflow(): Promise<string> {
  return tell({
    run: async (saga) => {
      saga.register('money', () => actAndFail('fence', 'Superseded'));
      saga.register('provider', () => act('revert'));
      await actAndFail('hold', 'Refused');
      return 'done';
    },
  });
}

export async function phasesWorkflow(): Promise<string> {
  return tell({
    run: async (saga) => {
      saga.register('provider', () => act('provider'));
      saga.register('cells', () => actSlowly('cells'));
      saga.register('money', () => actSlowly('money'));
      throw ApplicationFailure.nonRetryable('no');
    },
  });
}

/** One member of a phase fails: its neighbour still ends, the next phase does not begin. */
export async function failingPhaseWorkflow(): Promise<string> {
  return tell({
    run: async (saga) => {
      saga.register('money', () => actAndFail('money', 'Refused'));
      saga.register('cells', () => actSlowly('cells'));
      saga.register('provider', () => act('provider'));
      throw ApplicationFailure.nonRetryable('no');
    },
  });
}

export async function continuingWorkflow(runsLeft: number): Promise<string> {
  return tell({
    run: async (saga) => {
      saga.register('cells', () => act('restore'));
      if (runsLeft > 0) await continueAsNew<typeof continuingWorkflow>(runsLeft - 1);
      return 'done';
    },
  });
}

export async function cancelledWorkflow(): Promise<string> {
  return tell({
    run: async (saga) => {
      saga.register('cells', () => actSlowly('restore'));
      await actUntilCancelled('call');
      return 'done';
    },
  });
}

export const goOn = defineSignal('goOn');

/** Fails its workflow task as long as this code runs; `fixed-saga.workflows.ts` is the same workflow after the fix. */
export async function programmingErrorWorkflow(): Promise<string> {
  let mayGoOn = false;
  setHandler(goOn, () => void (mayGoOn = true));
  return tell({
    run: async (saga) => {
      saga.register('cells', () => act('restore'));
      await act('open');
      await condition(() => mayGoOn);
      throw new TypeError('a bug');
    },
  });
}
