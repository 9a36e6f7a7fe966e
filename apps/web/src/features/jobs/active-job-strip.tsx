import type { Column, Job } from '../../api.types.js';
import { CancelButton } from './cancel-button.js';
import { describeState, isCancellable, isFinal } from './job-facts.js';
import { JobProgress } from './job-progress.js';

interface ActiveJobStripProps {
  readonly jobs: readonly Job[];
  readonly columns: readonly Column[];
}

/** The running jobs, right above the grid that they fill. */
export function ActiveJobStrip({ jobs, columns }: ActiveJobStripProps) {
  const active = jobs.filter((job) => !isFinal(job));
  if (active.length === 0) return null;
  return (
    <ul className="active-jobs" aria-label="Running jobs">
      {active.map((job) => {
        const names = job.columnIds.map((id) => columns.find((column) => column.id === id)?.name ?? '…').join(', ');
        return (
          <li key={job.id} className="active-job">
            <span className="active-job-title" title={names}>
              {describeState(job.state)} <strong>{names}</strong>
            </span>
            <JobProgress job={job} label={`Progress of ${names} now`} />
            {isCancellable(job) && <CancelButton jobId={job.id} />}
          </li>
        );
      })}
    </ul>
  );
}
