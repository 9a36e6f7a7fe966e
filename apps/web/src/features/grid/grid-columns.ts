import type { ColDef, ValueGetterParams, ValueSetterParams } from 'ag-grid-community';
import type { Cell, Column, Identity, Row } from '../../api.types.js';
import { formatValue, parseTyped } from '../../format.js';
import { CellRenderer } from './cell-renderer.js';
import { ColumnHeader } from './column-header.js';
import { cellTooltip, editText } from './cell-text.js';
import { BLANK } from './merge-cells.js';

export interface CellEdit {
  readonly rowId: string;
  readonly columnId: string;
  readonly value: string | number;
}

export interface ColumnOptions {
  readonly attributes: readonly string[];
  readonly identity: Identity;
  readonly columns: readonly Column[];
  readonly serviceTitle: (serviceId: string) => string;
  readonly onEdit: (edit: CellEdit) => void;
  readonly onEditColumn: (columnId: string) => void;
  /** The window has room for little beside the name: it gets less, and the place of the row is not shown. */
  readonly narrow: boolean;
}

/** Columns of the grid: the place of the row, the attributes of its entity, and the columns that services fill. */
export function gridColumns({
  attributes,
  identity,
  columns,
  serviceTitle,
  onEdit,
  onEditColumn,
  narrow,
}: ColumnOptions): ColDef<Row>[] {
  return [
    {
      colId: 'position',
      headerName: '#',
      valueGetter: ({ data }: ValueGetterParams<Row>) => (data ? data.position + 1 : ''),
      width: 56,
      pinned: 'left',
      lockPinned: true,
      hide: narrow,
      resizable: false,
      cellClass: 'grid-position',
      headerClass: 'grid-position',
    },
    ...nameFirst(attributes, identity.name).map((attribute) =>
      attribute === identity.name ? nameColumn(attribute, narrow) : attributeColumn(attribute),
    ),
    ...columns.map((column) => ({
      ...serviceColumn(column, serviceTitle(column.service), onEdit),
      headerComponent: ColumnHeader,
      headerComponentParams: { onEdit: () => onEditColumn(column.id) },
    })),
  ];
}

/** The attribute that names the row comes first and stays in sight. */
const nameFirst = (attributes: readonly string[], name: string | undefined): readonly string[] =>
  name !== undefined && attributes.includes(name)
    ? [name, ...attributes.filter((other) => other !== name)]
    : attributes;

const nameColumn = (attribute: string, narrow: boolean): ColDef<Row> => ({
  ...attributeColumn(attribute),
  width: narrow ? 120 : 190,
  pinned: 'left',
  cellClass: 'grid-entity-name',
});

const attributeColumn = (attribute: string): ColDef<Row> => ({
  colId: `attribute:${attribute}`,
  headerName: attribute,
  valueGetter: ({ data }: ValueGetterParams<Row>) => formatValue(data?.entity[attribute]),
  width: 140,
  cellClass: 'grid-entity',
});

function serviceColumn(column: Column, service: string, onEdit: ColumnOptions['onEdit']): ColDef<Row, Cell> {
  return {
    colId: column.id,
    headerName: column.name,
    headerTooltip: `Filled by ${service}`,
    headerClass: 'grid-filled-header',
    cellClass: 'grid-filled',
    width: 180,
    valueGetter: ({ data }: ValueGetterParams<Row>) => data?.cells[column.id] ?? BLANK,
    cellRenderer: CellRenderer,
    tooltipValueGetter: ({ value }) => (value ? cellTooltip(value) : ''),
    editable: ({ data }) => data !== undefined,
    cellEditor: 'agTextCellEditor',
    cellEditorParams: { useFormatter: true },
    valueFormatter: ({ value }) => editText(value ?? BLANK),
    // The grid never changes a value itself: it shows what the service answered.
    valueSetter: ({ data, oldValue, newValue }: ValueSetterParams<Row, Cell>) => {
      const typed = textOf(newValue);
      const value = parseTyped(typed);
      // A cell cannot be emptied by hand: an emptied field leaves it as it was.
      if (value !== null && typed !== editText(oldValue ?? BLANK))
        onEdit({ rowId: data.id, columnId: column.id, value });
      return false;
    },
  };
}

/** What the editor hands over: text, or null for an emptied field. */
const textOf = (typed: unknown): string => (typeof typed === 'string' ? typed : '');
