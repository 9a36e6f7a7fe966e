import type {
  CellClickedEvent,
  CellFocusedEvent,
  CellKeyDownEvent,
  GetRowIdParams,
  GridApi,
  GridReadyEvent,
  SelectionChangedEvent,
  ViewportChangedEvent,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useApi } from '../../api.context.js';
import type { Column, List, Row } from '../../api.types.js';
import { useToast } from '../../ui/toasts.js';
import { useNarrow } from '../../ui/use-narrow.js';
import type { LiveList } from '../live/live-list.js';
import { gridColumns } from './grid-columns.js';
import type { CellEdit } from './grid-columns.js';
import { gridTheme } from './grid-theme.js';
import { LiveRows } from './live-rows.js';

export interface CellPlace {
  readonly rowId: string;
  readonly columnId: string;
}

interface ListGridProps {
  readonly list: List;
  readonly columns: readonly Column[];
  readonly live: LiveList;
  readonly serviceTitle: (serviceId: string) => string;
  readonly onInspect: (place: CellPlace) => void;
  /** Called when the focus moves to another cell, by keyboard too. */
  readonly onFocus: (place: CellPlace) => void;
  readonly onEditColumn: (columnId: string) => void;
  readonly onSelect: (rowIds: readonly string[]) => void;
  /** The column that the user has just added: a list can have more columns than fit, and it is the last. */
  readonly addedColumn: string | undefined;
}

const KEYS =
  'Enter edits a cell of a filled column, Alt and I inspects it. Alt and Down on its header edits the column.';
const BLOCK_ROWS = 100;
const rowIdOf = ({ data }: GetRowIdParams<Row>): string => data.id;

/** The list as a grid of virtual rows: rows are fetched by position in blocks, cells inside the view are live. */
export function ListGrid(props: ListGridProps) {
  const { list, columns, live, serviceTitle, onInspect, onFocus, onEditColumn, onSelect, addedColumn } = props;
  const api = useApi();
  const toast = useToast();
  const narrow = useNarrow();
  const grid = useRef<GridApi<Row>>(null);
  const rows = useMemo(() => new LiveRows(api, list.id, live), [api, list.id, live]);
  useEffect(() => rows.listen(), [rows]);

  const edit = useCallback(
    ({ rowId, columnId, value }: CellEdit) => {
      rows.showEdit({ rowId, columnId, value });
      api.editCell({ listId: list.id, rowId, columnId }, value).catch((error: Error) => {
        toast({ tone: 'bad', text: error.message });
        rows.watchAgain();
      });
    },
    [api, list.id, rows, toast],
  );
  const columnDefs = useMemo(() => {
    const { attributes, identity } = list;
    return gridColumns({ attributes, identity, columns, serviceTitle, onEdit: edit, onEditColumn, narrow });
  }, [list, columns, serviceTitle, edit, onEditColumn, narrow]);
  const toShow = columns.find(({ id }) => id === addedColumn)?.id;
  useEffect(() => {
    if (toShow) grid.current?.ensureColumnVisible(toShow);
  }, [toShow]);
  const isServiceColumn = (columnId: string): boolean => columns.some(({ id }) => id === columnId);

  const place = (
    event: CellClickedEvent<Row> | CellKeyDownEvent<Row> | CellFocusedEvent<Row>,
  ): CellPlace | undefined => {
    const columnId = typeof event.column === 'object' ? event.column?.getColId() : undefined;
    const row = event.api.getDisplayedRowAtIndex(event.rowIndex ?? -1)?.data;
    return row && columnId && isServiceColumn(columnId) ? { rowId: row.id, columnId } : undefined;
  };

  return (
    <div className="grid" role="region" aria-label={`Rows of ${list.name}`} aria-description={KEYS}>
      <AgGridReact<Row>
        theme={gridTheme}
        columnDefs={columnDefs}
        defaultColDef={{ sortable: false, suppressMovable: true, resizable: true, suppressHeaderMenuButton: true }}
        rowModelType="infinite"
        datasource={rows}
        cacheBlockSize={BLOCK_ROWS}
        maxBlocksInCache={20}
        infiniteInitialRowCount={Math.max(list.rowCount, 1)}
        blockLoadDebounceMillis={60}
        getRowId={rowIdOf}
        rowSelection={{ mode: 'multiRow', checkboxes: true, headerCheckbox: false, enableClickSelection: false }}
        selectionColumnDef={{ pinned: 'left', lockPinned: true, width: 44, resizable: false }}
        tooltipShowDelay={300}
        enterNavigatesVerticallyAfterEdit
        stopEditingWhenCellsLoseFocus
        onGridReady={(event: GridReadyEvent<Row>) => {
          rows.attach(event.api);
          grid.current = event.api;
        }}
        onViewportChanged={(event: ViewportChangedEvent<Row>) => rows.show(event.firstRow, event.lastRow)}
        onSelectionChanged={(event: SelectionChangedEvent<Row>) =>
          onSelect(event.api.getSelectedNodes().flatMap(({ data }) => data?.id ?? []))
        }
        onCellClicked={(event) => {
          const clicked = place(event);
          if (clicked) onInspect(clicked);
        }}
        onCellKeyDown={(event) => {
          const { event: key } = event;
          if (!(key instanceof KeyboardEvent) || !key.altKey || key.code !== 'KeyI' || !('column' in event)) return;
          key.preventDefault();
          const pressed = place(event);
          if (pressed) onInspect(pressed);
        }}
        onCellFocused={(event) => {
          const focused = place(event);
          if (focused) onFocus(focused);
        }}
      />
    </div>
  );
}
