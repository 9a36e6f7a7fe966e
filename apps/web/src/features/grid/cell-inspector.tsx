import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { CellVersion, Column } from '../../api.types.js';
import { describeStatus, formatTime, formatUnits, formatValue } from '../../format.js';
import { keys, useCell } from '../../queries.js';
import { Notice } from '../../ui/notice.js';
import type { LiveList } from '../live/live-list.js';
import type { CellPlace } from './list-grid.js';
import { Facts } from './facts.js';
import { ValueView } from './value-view.js';

interface CellInspectorProps {
  readonly listId: string;
  readonly place: CellPlace;
  readonly column: Column | undefined;
  readonly live: LiveList | undefined;
  readonly onEditColumn: (columnId: string) => void;
  readonly onClose: () => void;
}

/** What is known of one cell: its value, its reason, and where each of its versions came from and what it cost. */
export function CellInspector({ listId, place, column, live, onEditColumn, onClose }: CellInspectorProps) {
  const { rowId, columnId } = place;
  const client = useQueryClient();
  const { data: cell, error, isPending } = useCell(listId, rowId, columnId);
  useEffect(
    () =>
      live?.listen({
        onCells: (cells) => {
          if (cells.some((changed) => changed.rowId === rowId && changed.columnId === columnId)) {
            void client.invalidateQueries({ queryKey: keys.cell(rowId, columnId) });
          }
        },
      }),
    [live, client, rowId, columnId],
  );
  return (
    <section className="panel" aria-label="Cell">
      <header className="panel-header">
        <h2>{column?.name ?? 'Cell'}</h2>
        <span className="panel-actions">
          {column && (
            <button type="button" className="link-button" onClick={() => onEditColumn(column.id)}>
              Edit column
            </button>
          )}
          <button type="button" className="icon-button" aria-label="Close the cell" onClick={onClose}>
            ×
          </button>
        </span>
      </header>
      <div className="panel-body stack">
        {isPending && <p className="soft">Loading…</p>}
        {error && <Notice tone="bad">{error.message}</Notice>}
        {cell && (
          <>
            <ValueView value={cell.value} />
            {describeStatus(cell) && (
              <Notice tone={cell.status === 'error' ? 'bad' : 'info'}>{describeStatus(cell)}</Notice>
            )}
            {cell.stale && <Notice tone="warn">The row has changed since this value was found.</Notice>}
            <h3>Versions</h3>
            {cell.versions.length === 0 && <p className="soft">This cell has never been filled.</p>}
            <ol className="versions">
              {cell.versions.map((version) => (
                <Version key={version.id} version={version} />
              ))}
            </ol>
          </>
        )}
      </div>
    </section>
  );
}

function Version({ version }: { readonly version: CellVersion }) {
  const restored = version.restoredAt ? ' version-restored' : '';
  return (
    <li className={`version${restored}`}>
      <p className="version-value">{formatValue(version.value) || describeStatus(version) || 'Cleared'}</p>
      <p className="soft">
        {version.author === 'user' ? 'Edited by hand' : formatUnits(version.cost, 'credit')} ·{' '}
        {formatTime(version.createdAt)}
        {version.restoredAt ? ' · taken back' : ''}
      </p>
      <Facts of={version.provenance} />
    </li>
  );
}
