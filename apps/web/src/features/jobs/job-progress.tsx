import type { Job } from '../../api.types.js';
import { formatCount, percentDone } from '../../format.js';
import { isCancellable } from './job-facts.js';

const PARTS = [
  ['filled', 'filled'],
  ['notFound', 'not found'],
  ['error', 'errors'],
  ['skipped', 'skipped'],
] as const;

/** How far a job is, as a bar of its outcomes and in words. */
export function JobProgress({ job, label }: { readonly job: Job; readonly label: string }) {
  const { totals } = job;
  const percent = percentDone(totals);
  const toGo = totals.pending + totals.open;
  // A job that is undone has no outcome to show, and nothing to go.
  const goesOn = isCancellable(job);
  if (!goesOn && percent === 0) return null;
  const done = PARTS.filter(([part]) => totals[part] > 0);
  return (
    <div className="progress">
      <div
        className="progress-bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        {PARTS.map(([part]) => (
          <span
            key={part}
            className={`progress-part progress-${part}`}
            style={{ width: `${totals.cells === 0 ? 0 : (totals[part] / totals.cells) * 100}%` }}
          />
        ))}
        <span
          className="progress-part progress-pending"
          style={{ width: `${totals.cells === 0 ? 0 : (totals.pending / totals.cells) * 100}%` }}
        />
      </div>
      <p className="progress-counts">
        <span className="progress-percent">{percent} %</span>
        {done.map(([part, name]) => (
          <span key={part} className={`count count-${part}`}>
            {formatCount(totals[part])} {name}
          </span>
        ))}
        {toGo > 0 && goesOn && <span className="count">{formatCount(toGo)} to go</span>}
      </p>
    </div>
  );
}
