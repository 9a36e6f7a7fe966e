import type { Reconciliation } from '../api/shapes.js';
import { EXIT_CODES } from '../exit-codes.js';
import { formatCount, formatNumber } from '../output/format.js';
import type { Colors } from '../output/output.js';
import { renderTable } from '../output/table.js';
import type { RegisterCommands } from './command-context.js';

export const registerReconcileCommand: RegisterCommands = (program, context) => {
  program
    .command('reconcile')
    .description('prove that the books of the workspace are right: cells, jobs, credits, workflows; exit 0 only if so')
    .action(async () => {
      const found = await context.api.reconcile();
      context.output.result(found, describeReconciliation(found, context.output.colors));
      if (found.differenceCount > 0) context.exitCode = EXIT_CODES.failed;
    });
};

function describeReconciliation(found: Reconciliation, colors: Colors): string {
  const { checked, laws, differenceCount, differences, settling } = found;
  const rows = laws.map(({ law, title, differences: count }) => [
    law,
    title,
    count === 0 ? colors.green('holds') : colors.red(formatCount(count, 'difference')),
  ]);
  return [
    renderTable(['law', 'what it says', 'found'], rows),
    '',
    `Checked ${formatCount(checked.jobs, 'final job')} with ${formatCount(checked.filledCells, 'filled cell')} and ` +
      `${formatCount(checked.captures, 'capture')}, ${formatCount(checked.ledgerEntries, 'ledger line')}, ` +
      `the workflows of ${formatCount(checked.workflows, 'job')}.`,
    ...section('Not so yet (a difference if it stays so for a minute):', settling),
    ...section('Differences:', differences),
    ...(differenceCount > differences.length
      ? [`  and ${formatNumber(differenceCount - differences.length)} more`]
      : []),
    differenceCount === 0
      ? colors.green('No differences.')
      : colors.red(`${formatCount(differenceCount, 'difference')}.`),
  ].join('\n');
}

function section(title: string, items: Reconciliation['differences']): string[] {
  if (items.length === 0) return [];
  return [
    title,
    ...items.map(({ law, kind, detail, ...ids }) => {
      const where = Object.entries(ids).map(([name, id]) => `${name} ${id}`);
      return `  ${law} ${kind}: ${detail}${where.length > 0 ? ` (${where.join(', ')})` : ''}`;
    }),
  ];
}
