import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  TemporalFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { JobActivities } from '../activities/job.activities.js';
import type { RevertActivities } from '../activities/revert.activities.js';

/** Retries live in activities. Somebody waits for a job, so the pause between two tries stays short. */
const retry = { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' } as const;

/**
 * A step that was given up may still be running: the fence refuses its writes and billing its captures (rules R1 and R7), so
 * an undo need not wait for it.
 */
const cancellationType = ActivityCancellationType.TRY_CANCEL;

/**
 * Regular activities are tried until they succeed or are refused. They beat while they run, so the step of a killed worker
 * goes on elsewhere after seconds, and one that takes long may.
 */
const regular = proxyActivities<JobActivities & Pick<RevertActivities, 'dueReverts'>>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '5 seconds',
  retry,
  cancellationType,
});
const local = proxyLocalActivities<JobActivities>({ scheduleToCloseTimeout: '2 seconds', cancellationType });

/**
 * One short statement runs as a local activity (one event instead of three and no hop); where two seconds are not enough the
 * same function runs as a regular one.
 */
async function shortly<T>(asLocal: () => Promise<T>, asRegular: () => Promise<T>): Promise<T> {
  try {
    return await asLocal();
  } catch (error) {
    // Wrapped the first time; bare when a worker that takes over reads it from the marker in the history.
    const failure = error instanceof ActivityFailure ? error.cause : error;
    if (isCancellation(error) || !(failure instanceof TemporalFailure)) throw error;
    if (failure instanceof ApplicationFailure && failure.nonRetryable) throw error;
    return asRegular();
  }
}

/** Steps that reach billing or Temporal, seal, restore or change the job. */
export const {
  holdCredits,
  releaseHold,
  sealAndCapture,
  refundCaptures,
  dueReverts,
  restorePages,
  completeJob,
  finishJob,
  fenceJob,
} = regular;

type Step<Name extends 'beginJob' | 'readStages' | 'openPage'> = JobActivities[Name];

export const beginJob: Step<'beginJob'> = (input) =>
  shortly(
    () => local.beginJob(input),
    () => regular.beginJob(input),
  );

export const readStages: Step<'readStages'> = (input) =>
  shortly(
    () => local.readStages(input),
    () => regular.readStages(input),
  );

export const openPage: Step<'openPage'> = (input) =>
  shortly(
    () => local.openPage(input),
    () => regular.openPage(input),
  );

/** The same as a task of its own: children that were asked for before it start meanwhile. */
export const openPageByTask: Step<'openPage'> = (input) => regular.openPage(input);
