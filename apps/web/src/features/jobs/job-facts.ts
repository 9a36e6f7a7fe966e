import type { Job, JobState, Service } from '../../api.types.js';
import { formatCount, formatTime, formatUnits } from '../../format.js';

const FINAL: readonly JobState[] = ['completed', 'failed', 'cancelled'];
const CANCELLABLE: readonly JobState[] = ['accepted', 'awaiting_approval', 'running', 'paused', 'completing'];

export const isFinal = ({ state }: Pick<Job, 'state'>): boolean => FINAL.includes(state);
export const isCancellable = ({ state }: Pick<Job, 'state'>): boolean => CANCELLABLE.includes(state);

/** Jobs newest first, with those told of now in place of what was known of them. A final job never comes back to life. */
export function mergeJobs(known: readonly Job[], told: readonly Job[]): readonly Job[] {
  const jobs = new Map(known.map((job) => [job.id, job]));
  for (const job of told) {
    const before = jobs.get(job.id);
    if (!before || !isFinal(before) || isFinal(job)) jobs.set(job.id, job);
  }
  return [...jobs.values()].sort((a, b) => compare(b.createdAt, a.createdAt) || compare(b.id, a.id));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const STATES: Readonly<Record<JobState, string>> = {
  accepted: 'Starting',
  awaiting_approval: 'Awaits approval',
  running: 'Filling',
  paused: 'Paused',
  completing: 'Finishing',
  completed: 'Completed',
  compensating: 'Putting everything back',
  compensation_failed: 'Could not put everything back yet',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export const describeState = (state: JobState): string => STATES[state];

export type Tone = 'busy' | 'good' | 'bad' | 'quiet';

export function toneOf(state: JobState): Tone {
  if (state === 'completed') return 'good';
  if (state === 'failed' || state === 'compensation_failed') return 'bad';
  return state === 'cancelled' ? 'quiet' : 'busy';
}

const SKIP_REASONS: Readonly<Record<string, string>> = {
  scope: 'not part of the choice',
  busy: 'being filled by another job',
  edited: 'edited by hand',
  ceiling: 'beyond the credit limit',
  inputs: 'lacking what a look-up needs',
  deleted: 'deleted meanwhile',
};

/** A reason to skip cells as the end of a sentence: `12 edited by hand`. */
export const describeSkipped = (reason: string): string => SKIP_REASONS[reason] ?? reason.replaceAll('_', ' ');

/** What a job waits for, as a sentence; empty while it waits for nobody. */
export function describeWaiting(
  waitingFor: Job['waitingFor'],
  services: readonly Pick<Service, 'id' | 'title'>[],
): string {
  return (waitingFor ?? [])
    .map(({ service, pages, since }) => {
      const title = services.find(({ id }) => id === service)?.title ?? service;
      return `Waiting for ${title} to begin ${formatUnits(pages, 'page')} since ${formatTime(since)}.`;
    })
    .join(' ');
}

/** What a job has cost so far, and while it is under way what is set aside for it. */
export function describeCredits({ state, credits }: Pick<Job, 'state' | 'credits'>): string {
  const spent = `${formatUnits(credits.captured - credits.refunded, 'credit')} spent`;
  const [amount, what] = isFinal({ state }) ? [credits.refunded, 'refunded'] : [credits.held, 'held'];
  return amount > 0 ? `${spent}, ${formatCount(amount)} ${what}` : spent;
}

/** What became of the records that a job wrote at providers, once it is undone. */
export function describeReverts({ records, reverted, changedMeanwhile, open }: NonNullable<Job['reverts']>): string {
  const parts = [
    reverted > 0 && `${formatCount(reverted)} put back`,
    changedMeanwhile > 0 &&
      `${formatCount(changedMeanwhile)} changed by somebody else meanwhile and left as ${changedMeanwhile === 1 ? 'it is' : 'they are'}`,
    open > 0 && `${formatCount(open)} to go`,
  ].filter(Boolean);
  return `${formatUnits(records, 'record')} written outside: ${parts.join(', ')}.`;
}

/** When a parked job is tried again, as a sentence; empty where that is not known. */
export function describeNextTry({ attempts, nextAttemptAt }: NonNullable<Job['revertFailure']>): string {
  if (!nextAttemptAt) return '';
  return `Tried ${formatUnits(attempts, 'time')}. The next try comes by itself: ${formatTime(nextAttemptAt)}.`;
}
