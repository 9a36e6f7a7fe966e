import type { Cell, Column, Row, UnoList } from '../api/shapes.js';
import { formatNumber, formatValue } from '../output/format.js';
import type { Colors } from '../output/output.js';
import { renderTable } from '../output/table.js';
import { resolveOne } from '../resolve.js';
import type { RegisterCommands } from './command-context.js';
import { parseAmount } from './parse-amount.js';

const DEFAULT_ROWS = 20;

export const registerRowsCommand: RegisterCommands = (program, context) => {
  program
    .command('rows')
    .description('show the first rows of a list with their cells')
    .requiredOption('--list <list>', 'id or title of the list')
    .option('--limit <n>', 'at most so many', parseAmount, DEFAULT_ROWS)
    .action(async ({ list: wanted, limit }: { list: string; limit: number }) => {
      const { api, output } = context;
      const list = resolveOne('list', wanted, await api.listLists());
      const [columns, rows] = await Promise.all([api.listColumns(list.id), api.listRows(list.id, limit)]);
      output.result(rows, describeRows(list, columns, rows, output.colors));
    });
};

/** The attributes that say who a row is, then the columns; a cell without a value shows its state. */
function describeRows(list: UnoList, columns: readonly Column[], rows: readonly Row[], colors: Colors): string {
  if (rows.length === 0) return 'This list has no rows yet.';
  const identity = Object.values(list.identity).filter((attribute) => attribute !== undefined);
  const attributes = identity.length > 0 ? identity : list.attributes.slice(0, 1);
  const table = renderTable(
    ['#', ...attributes, ...columns.map(({ name }) => name)],
    rows.map(({ position, entity, cells }) => [
      formatNumber(position + 1),
      ...attributes.map((attribute) => formatValue(Object.hasOwn(entity, attribute) ? entity[attribute] : undefined)),
      ...columns.map(({ id }) => describeCell(cells[id], colors)),
    ]),
  );
  const more = list.rowCount > rows.length ? `\n… ${formatNumber(list.rowCount - rows.length)} more` : '';
  return `${table}${more}`;
}

function describeCell(cell: Cell | undefined, colors: Colors): string {
  if (cell === undefined || cell.status === 'blank') return '';
  if (cell.status === 'filled') return formatValue(cell.value);
  const text = `(${cell.status.replace('_', ' ')})`;
  return cell.status === 'error' ? colors.red(text) : colors.dim(text);
}
