import { ApiProblem } from '@uno/api-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '../api/shapes.js';
import type { Job } from '../api/shapes.js';
import type { UnoApi } from '../api/uno-api.js';
import { CommandFailure, UnreachableFailure } from '../failures.js';

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
const OUTAGE_PATIENCE_MS = 120_000;

/**
 * Follows a job to its final state. Live events only make the picture smoother: what counts is read from the API twice a
 * second, so a lost socket or an API that restarts in the middle does not end the watch.
 *
 * @throws the API's failure when it stays away for two minutes or refuses for good (404, 401).
 */
export async function watchJob(api: UnoApi, started: Job, options: WatchOptions): Promise<WatchEnd> {
  let job = started;
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
      if (options.interrupted?.aborted === true) return { job, interrupted: true };
      nudge = new AbortController();
      try {
        job = await api.getJob(job.id);
        outageSince = undefined;
        options.onProgress(job);
      } catch (error) {
        if (outageSince === undefined) options.onOutage();
        outageSince ??= Date.now();
        if (!isPassing(error) || Date.now() - outageSince > OUTAGE_PATIENCE_MS) throw error;
      }
    }
    return { job, interrupted: false };
  } finally {
    unsubscribe();
  }
}

async function pause(milliseconds: number, ...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  const signal = AbortSignal.any(signals.filter((one) => one !== undefined));
  // An abort is the wake-up that this waits for, not a failure.
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

function isPassing(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.status >= 500 || error.status === 429;
  return error instanceof UnreachableFailure || (error instanceof CommandFailure && error.code === 'connection_broken');
}
