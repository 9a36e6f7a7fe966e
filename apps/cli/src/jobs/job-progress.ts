import { Presets, SingleBar } from 'cli-progress';
import type { Job } from '../api/shapes.js';
import { formatCount, formatNumber, formatTime } from '../output/format.js';
import type { Output } from '../output/output.js';

/** Shows a running job: a bar on a terminal, a line per tenth elsewhere, nothing with `--json`. */
export interface JobProgress {
  update(job: Job): void;
  end(): void;
}

/** Cells that are settled: neither waiting for their page nor for their value. */
export function settledCells({ totals }: Pick<Job, 'totals'>): number {
  return totals.cells - totals.open - totals.pending;
}

/** `filled 290 · not found 20 · 290 credits spent · 110 held`: the counts that are not zero, and what they cost. */
export function describeCounts({ totals, credits }: Pick<Job, 'totals' | 'credits'>): string {
  const counts: readonly (readonly [string, number])[] = [
    ['filled', totals.filled],
    ['not found', totals.notFound],
    ['error', totals.error],
    ['skipped', totals.skipped],
    ['awaiting approval', totals.awaitingApproval],
  ];
  const present = counts.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${formatNumber(count)}`);
  const spent = `${formatCount(credits.captured - credits.refunded, 'credit')} spent`;
  const held = credits.held > 0 ? [`${formatNumber(credits.held)} held`] : [];
  return [...present, spent, ...held].join(' · ');
}

/** `enrich since 2026-11-22 20:41:45`: whose workers did not begin a page that they should have; empty for nobody. */
export function describeWaiting({ waitingFor = [] }: Pick<Job, 'waitingFor'>): string {
  return waitingFor.map(({ service, since }) => `${service} since ${formatTime(since)}`).join(', ');
}

function describeState(job: Job): string {
  const waiting = describeWaiting(job);
  return waiting === '' ? job.state : `${job.state}, waiting for ${waiting}`;
}

export function showProgress(output: Output): JobProgress {
  if (output.json) return { update: () => undefined, end: () => undefined };
  return output.live ? showBar(output) : showLines(output);
}

function showBar(output: Output): JobProgress {
  const format = '{state} {bar} {percentage}% · {value}/{total} cells · {counts}';
  const stream = output.progressStream as NodeJS.WriteStream;
  const bar = new SingleBar({ format, stream, hideCursor: true, barsize: 30, fps: 15 }, Presets.shades_classic);
  let started = false;
  return {
    update(job) {
      const payload = { state: describeState(job), counts: describeCounts(job) };
      if (!started) bar.start(job.totals.cells, settledCells(job), payload);
      started = true;
      bar.setTotal(job.totals.cells);
      bar.update(settledCells(job), payload);
    },
    end: () => bar.stop(),
  };
}

function showLines(output: Output): JobProgress {
  let shown = '';
  return {
    update(job) {
      const { cells } = job.totals;
      const tenth = cells === 0 ? 0 : Math.floor((settledCells(job) / cells) * 10);
      const state = describeState(job);
      if (shown === `${state} ${tenth}`) return;
      shown = `${state} ${tenth}`;
      const settled = `${formatNumber(settledCells(job))} of ${formatCount(cells, 'cell')}`;
      output.note(`${state}: ${settled} · ${describeCounts(job)}`);
    },
    end: () => undefined,
  };
}
