import { metOnlyBusyCells, ONLY_BUSY_CELLS } from '@uno/api-client';
import { useState } from 'react';
import type { Column, Job } from '../../api.types.js';
import { formatCount, formatTime } from '../../format.js';
import { useServices } from '../../queries.js';
import { BooksStatement } from './books-statement.js';
import { describeCredits, describeSkipped, describeState, describeWaiting, isFinal, toneOf } from './job-facts.js';
import { JobProgress } from './job-progress.js';
import { ParkedJob } from './parked-job.js';
import { RevertedRecords } from './reverted-records.js';

interface JobCardProps {
  readonly job: Job;
  readonly columns: readonly Column[];
  /** Older jobs show their books on demand: reading them asks two databases. */
  readonly showBooks: boolean;
}

export function JobCard({ job, columns, showBooks }: JobCardProps) {
  const [asked, setAsked] = useState(false);
  const { data: services = [] } = useServices();
  const waiting = describeWaiting(job.waitingFor, services);
  const names = job.columnIds.map((id) => columns.find((column) => column.id === id)?.name ?? 'a deleted column');
  const title = names.join(', ');
  return (
    <li className={`job job-${toneOf(job.state)}`} aria-label={`Job for ${title}`}>
      <header className="job-header">
        <strong className="job-title" title={title}>
          {title}
        </strong>
        <span className={`badge badge-${toneOf(job.state)}`}>{describeState(job.state)}</span>
      </header>
      {job.failure && <p className="job-failure">{job.failure.message}</p>}
      {waiting && <p className="job-waiting">{waiting}</p>}
      {job.state === 'compensation_failed' && <ParkedJob job={job} />}
      <JobProgress job={job} label={`Progress of ${title}`} />
      <SkippedBy job={job} />
      {metOnlyBusyCells(job) && <p className="job-waiting">{ONLY_BUSY_CELLS}</p>}
      {job.reverts && <RevertedRecords jobId={job.id} reverts={job.reverts} />}
      <footer className="job-footer">
        <span className="soft">
          {formatTime(job.createdAt)} · {describeCredits(job)}
        </span>
      </footer>
      {isFinal(job) &&
        (showBooks || asked ? (
          <BooksStatement jobId={job.id} />
        ) : (
          <button type="button" className="link-button" onClick={() => setAsked(true)}>
            Check the books
          </button>
        ))}
    </li>
  );
}

function SkippedBy({ job }: { readonly job: Job }) {
  const reasons = Object.entries(job.skippedBy).filter(([reason, count]) => count > 0 && reason !== 'scope');
  if (reasons.length === 0) return null;
  return (
    <p className="soft job-skipped">
      Skipped: {reasons.map(([reason, count]) => `${formatCount(count)} ${describeSkipped(reason)}`).join(', ')}
    </p>
  );
}
