import type { Column, Job } from '../../api.types.js';
import { Notice } from '../../ui/notice.js';
import { isFinal } from './job-facts.js';
import { JobCard } from './job-card.js';

/** Finished jobs whose books are shown without being asked for. */
const BOOKS_SHOWN = 5;

interface JobsPanelProps {
  readonly jobs: readonly Job[] | undefined;
  readonly error: Error | null;
  readonly columns: readonly Column[];
}

/** The jobs of a list, newest first. */
export function JobsPanel({ jobs, error, columns }: JobsPanelProps) {
  const finished = jobs?.filter(isFinal).slice(0, BOOKS_SHOWN) ?? [];
  return (
    <section className="panel" aria-label="Jobs">
      <header className="panel-header">
        <h2>Jobs</h2>
      </header>
      <div className="panel-body">
        {error && <Notice tone="bad">{error.message}</Notice>}
        {jobs?.length === 0 && (
          <p className="soft panel-empty">
            Nothing has been filled in this list yet. A job shows its progress and its cost here.
          </p>
        )}
        <ul className="jobs">
          {jobs?.map((job) => (
            <JobCard key={job.id} job={job} columns={columns} showBooks={finished.includes(job)} />
          ))}
        </ul>
      </div>
    </section>
  );
}
