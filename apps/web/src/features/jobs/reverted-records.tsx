import { useState } from 'react';
import { useChangedMeanwhile } from '../../queries.js';
import type { Effect, Job } from '../../api.types.js';
import { formatCount, formatUnits, formatValue } from '../../format.js';
import { describeReverts } from './job-facts.js';

interface RevertedRecordsProps {
  readonly jobId: string;
  readonly reverts: NonNullable<Job['reverts']>;
}

/** What became of the records that a job wrote outside, and on demand those that somebody else changed meanwhile. */
export function RevertedRecords({ jobId, reverts }: RevertedRecordsProps) {
  const [asked, setAsked] = useState(false);
  return (
    <div className="reverts">
      <p className="soft">{describeReverts(reverts)}</p>
      {reverts.changedMeanwhile > 0 && (
        <button type="button" className="link-button" aria-expanded={asked} onClick={() => setAsked(!asked)}>
          {asked ? 'Hide' : 'Show'} the {formatUnits(reverts.changedMeanwhile, 'changed record')}
        </button>
      )}
      {asked && <ChangedRecords jobId={jobId} count={reverts.changedMeanwhile} />}
    </div>
  );
}

function ChangedRecords({ jobId, count }: { readonly jobId: string; readonly count: number }) {
  const { data: records, error } = useChangedMeanwhile(jobId, count);
  if (error) return <p className="soft">{error.message}</p>;
  if (!records) return <p className="soft">Loading…</p>;
  return (
    <ul className="changed-records">
      {records.map((record) => (
        <ChangedRecord key={`${record.target.object} ${record.target.value}`} record={record} />
      ))}
      {count > records.length && <li className="soft">and {formatCount(count - records.length)} more</li>}
    </ul>
  );
}

function ChangedRecord({ record: { target, before, after } }: { readonly record: Effect }) {
  return (
    <li>
      <strong>
        {target.object} {target.value}
      </strong>
      <dl className="facts">
        {Object.entries(after).map(([property, written]) => (
          <div key={property}>
            <dt>{property}</dt>
            <dd>
              was {formatValue(before?.[property]) || 'empty'}, the job wrote {formatValue(written) || 'nothing'}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
