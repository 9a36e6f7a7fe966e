import { heartbeat } from '@temporalio/activity';

const BEAT_MS = 1_000;

/**
 * Beats each second while `work` runs: the step of a process that was killed is given to another one as soon as the beats
 * are missed, and a slow step is not taken for a dead one.
 */
export async function alive<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
