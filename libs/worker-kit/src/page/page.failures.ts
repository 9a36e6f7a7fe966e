import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import {
  CONTRACT_VIOLATION_FAILURE,
  PAGE_FAILED_FAILURE,
  SUPERSEDED_FAILURE,
  type PageFailureDetail,
} from '@uno/workflow-contracts';
import { PAGE_API_REFUSED_FAILURE, isFailureOfType } from '../page-api/page-api.failures.js';

/** Another worker takes over soon after this time; a server default of a second would be felt. */
const TAKE_OVER_AFTER = '100ms';

/** The page ended for good. What a person reads is joined from our database by `errorId`. */
export function pageFailed(detail: PageFailureDetail): ApplicationFailure {
  return ApplicationFailure.nonRetryable('The page cannot go on', PAGE_FAILED_FAILURE, detail);
}

/** Retryable: this process ends, the rows that are still open are for the next one. */
export function workerDraining(): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'The worker is shutting down; another one goes on',
    type: 'WorkerDraining',
    nextRetryDelay: TAKE_OVER_AFTER,
  });
}

/** The SDK cancels activities for a shutdown too; then the page is not cancelled, it moves. */
export async function cancellationOf(activity: Context, drainSignal: AbortSignal): Promise<unknown> {
  const isRequested = activity.cancellationDetails?.cancelRequested === true;
  if (drainSignal.aborted && !isRequested) return workerDraining();
  return activity.cancelled.catch((failure: unknown) => failure);
}

/** Retryable: the job stops but the cancellation has not arrived yet. It must not look like a failure of the page. */
export function jobStopping(): ApplicationFailure {
  return ApplicationFailure.create({ message: 'The job is being stopped', type: 'JobStopping' });
}

/**
 * Retryable: a bug, which goes away with a fix. The error itself stays here, because messages quote what they failed on and
 * Temporal would keep them.
 */
export function unexpected(error: unknown): ApplicationFailure {
  const name = error instanceof Error ? error.constructor.name : typeof error;
  return ApplicationFailure.create({ message: `The page met an unexpected ${name}`, type: 'Unexpected' });
}

const OWN_FAILURES = [SUPERSEDED_FAILURE, CONTRACT_VIOLATION_FAILURE, 'WorkerDraining'];

/** The failure for an error of the kit itself; undefined for what came out of a handler. */
export function ownFailure(error: unknown, place: Omit<PageFailureDetail, 'code'>): ApplicationFailure | undefined {
  if (isFailureOfType(error, PAGE_API_REFUSED_FAILURE)) return pageFailed({ ...place, code: 'page_api_refused' });
  return OWN_FAILURES.some((type) => isFailureOfType(error, type)) ? (error as ApplicationFailure) : undefined;
}
