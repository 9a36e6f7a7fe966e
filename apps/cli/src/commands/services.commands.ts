import { formatNumber } from '../output/format.js';
import { renderTable } from '../output/table.js';
import type { RegisterCommands } from './command-context.js';

export const registerServiceCommands: RegisterCommands = (program, context) => {
  program
    .command('services')
    .description('what can fill a column, and its price')
    .action(async () => {
      const all = await context.api.listServices();
      const { colors } = context.output;
      const rows = all.map(({ id, title, returns, price, online }) => [
        id,
        title,
        formatNumber(price),
        returns,
        online ? colors.green('online') : colors.red('offline'),
      ]);
      const header = ['id', 'title', 'credits', 'a cell holds', 'workers'];
      context.output.result(all, rows.length === 0 ? 'No service has registered yet.' : renderTable(header, rows));
    });
};
