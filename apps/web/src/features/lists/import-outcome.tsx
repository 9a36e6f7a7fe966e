import type { ImportResult } from '../../api.types.js';
import { formatUnits } from '../../format.js';
import { Notice } from '../../ui/notice.js';

/** What became of a file: how many rows came in, and which lines did not and why. */
export function ImportOutcome({ outcome }: { readonly outcome: ImportResult }) {
  const { imported, rejectedCount, rejected } = outcome;
  return (
    <div className="stack">
      <Notice tone={rejectedCount === 0 ? 'good' : 'warn'}>
        {formatUnits(imported, 'row')} imported
        {rejectedCount > 0 && `, ${formatUnits(rejectedCount, 'line')} rejected`}.
      </Notice>
      {rejected.length > 0 && (
        <ul className="rejected" aria-label="Rejected lines">
          {rejected.map(({ line, reason }) => (
            <li key={line}>
              <strong>Line {line}</strong> {reason}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
