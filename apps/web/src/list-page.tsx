import { useCallback, useState } from 'react';
import type { Column, List } from './api.types.js';
import { AddColumnDialog } from './features/columns/add-column-dialog.js';
import { EditColumnDialog } from './features/columns/edit-column-dialog.js';
import { CellInspector } from './features/grid/cell-inspector.js';
import { ListGrid } from './features/grid/list-grid.js';
import type { CellPlace } from './features/grid/list-grid.js';
import { ActiveJobStrip } from './features/jobs/active-job-strip.js';
import { FillDialog } from './features/jobs/fill-dialog.js';
import { JobsPanel } from './features/jobs/jobs-panel.js';
import { EmptyList } from './features/lists/empty-list.js';
import { ImportDialog } from './features/lists/import-dialog.js';
import { describeSize } from './features/lists/list-sidebar.js';
import { LiveBadge } from './features/live/live-badge.js';
import { useLiveList } from './features/live/use-live-list.js';
import { useColumns, useJobs, useServices } from './queries.js';
import { Notice } from './ui/notice.js';

type OpenDialog =
  | { readonly kind: 'fill'; readonly columnIds: readonly string[] }
  | { readonly kind: 'edit'; readonly columnId: string }
  | { readonly kind: 'column' | 'import' };

/** One list: its grid, what can be done with it, and the jobs that do it. */
export function ListPage({ list }: { readonly list: List }) {
  const { live, status } = useLiveList(list.id);
  const columns = useColumns(list.id);
  const jobs = useJobs(list.id);
  const { data: services } = useServices();
  const [dialog, setDialog] = useState<OpenDialog>();
  const [selectedRows, setSelectedRows] = useState<readonly string[]>([]);
  const [inspected, setInspected] = useState<CellPlace>();
  const [addedColumn, setAddedColumn] = useState<string>();
  const serviceTitle = useCallback(
    (id: string) => services?.find((service) => service.id === id)?.title ?? id,
    [services],
  );
  const followFocus = useCallback((place: CellPlace) => setInspected((open) => (open ? place : open)), []);
  const editColumn = useCallback((columnId: string) => setDialog({ kind: 'edit', columnId }), []);
  const known: readonly Column[] = columns.data ?? [];
  const edited = dialog?.kind === 'edit' ? known.find(({ id }) => id === dialog.columnId) : undefined;
  const close = (): void => setDialog(undefined);
  const fillLabel = selectedRows.length > 0 ? `Fill ${selectedRows.length} selected` : 'Fill';

  return (
    <>
      <main className="list-page">
        <header className="list-header">
          <div className="list-heading">
            <h1>{list.name}</h1>
            <span className="soft">{describeSize(list)}</span>
            <LiveBadge status={status} />
          </div>
          <div className="list-actions">
            <button type="button" className="button" onClick={() => setDialog({ kind: 'import' })}>
              Import CSV
            </button>
            <button type="button" className="button" onClick={() => setDialog({ kind: 'column' })}>
              Add column
            </button>
            <button
              type="button"
              className="button button-primary"
              disabled={known.length === 0 || list.rowCount === 0}
              onClick={() => setDialog({ kind: 'fill', columnIds: known.map(({ id }) => id) })}
            >
              {fillLabel}
            </button>
          </div>
        </header>
        {status === 'interrupted' && (
          <Notice tone="warn">
            Live updates are interrupted. What you see may be old until the connection is back.
          </Notice>
        )}
        {columns.isError && <Notice tone="bad">{columns.error.message}</Notice>}
        <ActiveJobStrip jobs={jobs.data ?? []} columns={known} />
        {list.rowCount === 0 ? (
          <EmptyList onImport={() => setDialog({ kind: 'import' })} />
        ) : (
          live &&
          columns.isSuccess && (
            <ListGrid
              list={list}
              columns={known}
              live={live}
              serviceTitle={serviceTitle}
              onInspect={setInspected}
              onFocus={followFocus}
              onEditColumn={editColumn}
              onSelect={setSelectedRows}
              addedColumn={addedColumn}
            />
          )
        )}
      </main>
      <aside className="side" aria-label="Details">
        {inspected ? (
          <CellInspector
            listId={list.id}
            place={inspected}
            column={known.find(({ id }) => id === inspected.columnId)}
            live={live}
            onEditColumn={editColumn}
            onClose={() => setInspected(undefined)}
          />
        ) : (
          <JobsPanel jobs={jobs.data} error={jobs.error} columns={known} />
        )}
      </aside>
      {dialog?.kind === 'import' && <ImportDialog list={list} onClose={close} />}
      {dialog?.kind === 'column' && (
        <AddColumnDialog
          list={list}
          onClose={close}
          onCreated={({ id }) => {
            setAddedColumn(id);
            setDialog(list.rowCount > 0 ? { kind: 'fill', columnIds: [id] } : undefined);
          }}
        />
      )}
      {edited && <EditColumnDialog list={list} column={edited} onClose={close} />}
      {dialog?.kind === 'fill' && (
        <FillDialog
          list={list}
          columns={known}
          preselected={dialog.columnIds}
          selectedRows={selectedRows}
          onClose={close}
        />
      )}
    </>
  );
}
