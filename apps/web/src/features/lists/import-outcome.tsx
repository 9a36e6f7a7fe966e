import type { ImportResult } from '../../api.types.js';
import { formatUnits } from '../../format.js';
import { useLists } from '../../queries.js';
import { Notice } from '../../ui/notice.js';
import { IdentityForm } from './identity-form.js';

interface ImportOutcomeProps {
  readonly listId: string;
  readonly outcome: ImportResult;
  readonly onClose: () => void;
}

/** What became of a file: how many rows came in, which lines did not and why, and by what a row will be looked up. */
export function ImportOutcome({ listId, outcome, onClose }: ImportOutcomeProps) {
  const { imported, rejectedCount, rejected } = outcome;
  // The file may have brought attributes: the list as it is now.
  const { data: lists } = useLists();
  const list = lists?.find(({ id, attributes }) => id === listId && attributes.length > 0);
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
      {list && (
        <section className="stack" aria-label="Identity">
          <p>Services look a row up by these attributes. Correct them where the guess is wrong.</p>
          <IdentityForm key={list.attributes.join()} list={list} onSaved={onClose} />
        </section>
      )}
      {!list && (
        <div className="dialog-actions">
          <button type="button" className="button button-primary" onClick={onClose}>
            Done
          </button>
        </div>
      )}
    </div>
  );
}
