import {
  CellStyleModule,
  EventApiModule,
  InfiniteRowModelModule,
  ModuleRegistry,
  RowApiModule,
  RowSelectionModule,
  ScrollApiModule,
  TextEditorModule,
  themeQuartz,
  TooltipModule,
} from 'ag-grid-community';

ModuleRegistry.registerModules([
  CellStyleModule,
  EventApiModule,
  InfiniteRowModelModule,
  RowApiModule,
  RowSelectionModule,
  ScrollApiModule,
  TextEditorModule,
  TooltipModule,
]);

/** The grid in the colours of the page, which follow the preference for light or dark. */
export const gridTheme = themeQuartz.withParams({
  accentColor: 'var(--accent)',
  backgroundColor: 'var(--surface)',
  foregroundColor: 'var(--ink)',
  borderColor: 'var(--line)',
  headerBackgroundColor: 'var(--surface-sunken)',
  headerTextColor: 'var(--ink-soft)',
  headerFontWeight: 600,
  headerFontSize: 12.5,
  rowHoverColor: 'var(--hover)',
  selectedRowBackgroundColor: 'var(--accent-wash)',
  columnBorder: { style: 'solid', width: 1, color: 'var(--line-soft)' },
  rowBorder: { style: 'solid', width: 1, color: 'var(--line-soft)' },
  wrapperBorder: false,
  wrapperBorderRadius: 0,
  fontFamily: 'inherit',
  fontSize: 13.5,
  rowHeight: 38,
  headerHeight: 40,
  cellHorizontalPadding: 12,
  browserColorScheme: 'inherit',
});
