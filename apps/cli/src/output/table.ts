import { stripVTControlCharacters } from 'node:util';

/** Columns as wide as their widest cell, two spaces apart, without a frame: easy to read and to cut. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header.map((title) => title.toUpperCase()), ...rows];
  const widths = header.map((_, column) =>
    all.reduce((width, row) => Math.max(width, visibleWidth(row[column] ?? '')), 0),
  );
  return all
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - visibleWidth(cell))))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function visibleWidth(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}
