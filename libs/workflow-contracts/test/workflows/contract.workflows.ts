import {
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { fillPage, type FillPageInput, type FillPageResult } from '@uno/workflow-contracts';
import { executeContract, parseInput } from '@uno/workflow-contracts/workflow';
import type { TestActivities } from './activities.js';

const { act } = proxyActivities<TestActivities>({ startToCloseTimeout: '1 minute' });
const { actSlowly } = proxyLocalActivities<TestActivities>({ startToCloseTimeout: '1 minute' });

export interface ParentInput {
  readonly taskQueue: string;
  readonly childId: string;
  readonly page: FillPageInput;
  readonly endsWithinSeconds?: number;
}

export async function parentWorkflow({ childId, page, ...options }: ParentInput): Promise<FillPageResult> {
  return executeContract(fillPage, { ...options, workflowId: childId, input: page });
}

/** Orders its child in the same workflow task in which it is asked to cancel: the child is not started yet then. */
export async function hesitatingParentWorkflow(input: ParentInput): Promise<FillPageResult> {
  for (let times = 0; times < 5; times += 1) await actSlowly(`hesitation before ${input.childId}`);
  return parentWorkflow(input);
}

/** Starts a child and does not wait for it. */
export async function leavingParentWorkflow({ taskQueue, childId, page }: ParentInput): Promise<void> {
  void executeContract(fillPage, { taskQueue, workflowId: childId, input: page }).catch(() => undefined);
  await act('parent leaves when its child has begun');
}

/** Undoes something slow after its cancellation, as a job does. */
export async function undoingParentWorkflow(input: ParentInput): Promise<FillPageResult> {
  let undone = false;
  setHandler(defineSignal('undone'), () => void (undone = true));
  try {
    return await parentWorkflow(input);
  } finally {
    await CancellationScope.nonCancellable(() => condition(() => undone));
  }
}

/** A team's child; the job id tells it how to behave. */
export async function fillPageWorkflow(raw: unknown): Promise<unknown> {
  const { jobId } = parseInput(fillPage, raw);
  await act(`child ${workflowInfo().workflowId} begins`);
  if (jobId === 'answers-badly') return { filled: 'the canary', notFound: 0, error: 0, skipped: 0 };
  if (jobId === 'waits') await untilCancelled();
  return { filled: 1, notFound: 0, error: 0, skipped: 0 };
}

async function untilCancelled(): Promise<void> {
  try {
    await condition(() => false);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => act(`child ${workflowInfo().workflowId} was asked to stop`));
    throw error;
  }
}
