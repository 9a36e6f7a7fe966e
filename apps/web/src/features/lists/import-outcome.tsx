import type { ImportResult } from '../../api.types.js';
import { formatUnits } from '../../format.js';
import { Notice } from '../../ui/notice.js';

interface ImportOutcomeProps {
  readonly outcome: ImportResult;
  readonly onClose: () => void;
}

/** What became of a file: how many rows came in, and which lines did not and why. */
export function ImportOutcome({ outcome, onClose }: ImportOutcomeProps) {
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
      <div className="dialog-actions">
        <button type="button" className="button button-primary" onClick={onClose}>
          Done
        </button>
      </div>
    </div>
  );
}
