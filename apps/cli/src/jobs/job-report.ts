import { metOnlyBusyCells, ONLY_BUSY_CELLS } from '@uno/api-client';
import { isFinal } from '../api/shapes.js';
import type { Books, Job } from '../api/shapes.js';
import { formatCount, formatDuration, formatNumber, formatTime } from '../output/format.js';
import type { Colors } from '../output/output.js';
import { describeCounts, describeWaiting, settledCells } from './job-progress.js';

/** A job in a few lines: its state, why it ended so, what became of its cells and its credits. */
export function describeJob(job: Job, colors: Colors): string {
  const { totals, credits } = job;
  const skippedBy = Object.entries(job.skippedBy).filter(([, count]) => count > 0);
  return [
    `${job.id}  ${paintState(job, colors)}${describeRuntime(job)}`,
    ...(job.failure ? [`Reason   ${job.failure.message} (${job.failure.code})`] : []),
    ...(job.waitingFor?.length ? [`Waiting  for ${describeWaiting(job)}; is it online? See: uno services`] : []),
    ...describeParked(job),
    `Cells    ${formatNumber(settledCells(job))} of ${formatNumber(totals.cells)} settled · ${describeCounts(job)}`,
    ...(skippedBy.length > 0
      ? [`Skipped  ${skippedBy.map(([why, count]) => `${why} ${formatNumber(count)}`).join(' · ')}`]
      : []),
    ...(metOnlyBusyCells(job) ? [`Hint     ${ONLY_BUSY_CELLS}`] : []),
    ...(job.reverts ? [`Records  ${describeReverts(job.reverts, job.id)}`] : []),
    `Credits  held ${formatNumber(credits.held)} · captured ${formatNumber(credits.captured)} · released ${formatNumber(credits.released)} · refunded ${formatNumber(credits.refunded)}`,
  ].join('\n');
}

function describeParked({ id, state, revertFailure }: Job): string[] {
  if (state !== 'compensation_failed' || !revertFailure) return [];
  const { message, attempts, nextAttemptAt } = revertFailure;
  const next = nextAttemptAt === undefined ? '' : `, again ${formatTime(nextAttemptAt)}`;
  return [
    `Parked   ${message}`,
    `         Tried ${formatCount(attempts, 'time')}${next}. Try at once with: uno jobs compensate ${id}`,
  ];
}

function describeReverts(
  { records, reverted, changedMeanwhile, open }: NonNullable<Job['reverts']>,
  id: string,
): string {
  const counts = `${formatNumber(records)} written at providers · ${formatNumber(reverted)} taken back · ${formatNumber(open)} to go`;
  if (changedMeanwhile === 0) return counts;
  const where = `uno jobs effects ${id} --outcome changed_meanwhile`;
  return `${counts} · ${formatNumber(changedMeanwhile)} changed meanwhile and left alone, see: ${where}`;
}

/** One green sentence, or a red one with the reason: what is still open, what is still to be done, every difference. */
export function describeBooks(books: Books, { id }: Pick<Job, 'id'>, colors: Colors): string {
  if (books.closed) {
    return colors.green(
      `Books closed: ${formatCount(books.capturedCells, 'cell')} paid, the same ${formatCount(books.billableFilledCells, 'cell')} filled, nothing held.`,
    );
  }
  const lines = books.differences.map(
    ({ kind, detail, cellVersionId }) =>
      `  ${kind}: ${detail}${cellVersionId === undefined ? '' : ` (${cellVersionId})`}`,
  );
  const open = `${formatCount(books.openHolds, 'open hold')}, ${formatCount(books.pendingCells, 'pending cell')}`;
  return [
    colors.red(`Books not closed: ${open}, ${formatCount(lines.length, 'difference')}.`),
    ...describeRest(books, id),
    ...lines,
  ].join('\n');
}

function describeRest({ state, openReverts }: Books, id: string): string[] {
  if (isFinal(state) && openReverts === 0) return [];
  if (openReverts === 0) return [`  The job is ${state}; its books can close when it has ended.`];
  const verb = openReverts === 1 ? 'is' : 'are';
  return [
    `  ${formatCount(openReverts, 'record')} at providers ${verb} still to be taken back, see: uno jobs effects ${id} --outcome open`,
  ];
}

export function paintState({ state }: Pick<Job, 'state'>, colors: Colors): string {
  if (state === 'completed') return colors.green(state);
  if (state === 'failed' || state === 'compensation_failed') return colors.red(state);
  return colors.yellow(state);
}

function describeRuntime({ startedAt, finishedAt }: Job): string {
  if (!startedAt || !finishedAt) return '';
  return ` in ${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}`;
}
