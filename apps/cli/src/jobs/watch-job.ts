import { ApiProblem } from '@uno/api-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '../api/shapes.js';
import type { Job } from '../api/shapes.js';
import type { UnoApi } from '../api/uno-api.js';
import { BrokenConnection, UnreachableFailure } from '../failures.js';

/** What a live event or a poll says about a running job. */
export type JobChange = Pick<Job, 'id' | 'state' | 'totals' | 'credits'>;

/** Subscribes to live changes of jobs of a list; answers how to unsubscribe. It may stay silent, but never throws. */
export type LiveJobs = (listId: string, onChange: (change: JobChange) => void) => () => void;

export interface WatchOptions {
  readonly live: LiveJobs;
  readonly onProgress: (job: Job) => void;
  /** Called once per outage: the API is away and asked again. */
  readonly onOutage: () => void;
  readonly interrupted?: AbortSignal;
}

/** The job as last seen, and whether the person stopped watching before it was final. */
export interface WatchEnd {
  readonly job: Job;
  readonly interrupted: boolean;
}

const POLL_EVERY_MS = 500;
/** An API that stands still is as good as one that is away. */
const ANSWER_WITHIN_MS = 10_000;
const OUTAGE_PATIENCE_MS = 120_000;

/**
 * Follows a job to its final state. Live events only make the picture smoother: what counts is read from the API twice a
 * second, so a lost socket or an API that restarts in the middle does not end the watch.
 *
 * @throws the API's failure when it stays away for two minutes or refuses for good (404, 401).
 */
export async function watchJob(api: UnoApi, started: Job, options: WatchOptions): Promise<WatchEnd> {
  let job = started;
  const isStopped = (): boolean => options.interrupted?.aborted === true;
  let nudge = new AbortController();
  const unsubscribe = options.live(job.listId, (change) => {
    if (change.id !== job.id || isFinal(job.state)) return;
    options.onProgress({ ...job, ...change });
    if (isFinal(change.state)) nudge.abort();
  });
  try {
    let outageSince: number | undefined;
    while (!isFinal(job.state)) {
      await pause(POLL_EVERY_MS, nudge.signal, options.interrupted);
      if (isStopped()) return { job, interrupted: true };
      nudge = new AbortController();
      try {
        job = await readJob(api, job.id, options.interrupted);
        outageSince = undefined;
        options.onProgress(job);
      } catch (error) {
        if (isStopped()) return { job, interrupted: true };
        if (!isPassing(error)) throw error;
        if (outageSince === undefined) options.onOutage();
        outageSince ??= Date.now();
        if (Date.now() - outageSince > OUTAGE_PATIENCE_MS) throw error;
      }
    }
    return { job, interrupted: false };
  } finally {
    unsubscribe();
  }
}

async function pause(milliseconds: number, ...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  const signal = anyOf(...signals);
  // An abort is the wake-up that this waits for, not a failure.
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** With a timer of our own: Node 20 collects an `AbortSignal.timeout` that only an `AbortSignal.any` refers to. */
async function readJob(api: UnoApi, jobId: string, interrupted: AbortSignal | undefined): Promise<Job> {
  const patience = new AbortController();
  const abort = (): void => patience.abort();
  const timer = setTimeout(abort, ANSWER_WITHIN_MS);
  interrupted?.addEventListener('abort', abort);
  if (interrupted?.aborted === true) abort();
  try {
    return await api.getJob(jobId, patience.signal);
  } finally {
    clearTimeout(timer);
    interrupted?.removeEventListener('abort', abort);
  }
}

function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((one) => one !== undefined));
}

function isPassing(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.status >= 500 || error.status === 429;
  return error instanceof UnreachableFailure || error instanceof BrokenConnection;
}
