import { Option } from 'commander';
import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { parse } from 'node:path';
import type { ImportReport, UnoList } from '../api/shapes.js';
import { resolvePath } from '../cli-environment.js';
import { CommandFailure, InterruptedFailure, UsageFailure } from '../failures.js';
import { formatCount, formatNumber } from '../output/format.js';
import { renderTable } from '../output/table.js';
import type { CommandContext, RegisterCommands } from './command-context.js';
import { addIdentityCommand, describeIdentity, howToSetIdentity } from './list-identity.command.js';
import { addDefaultCommand } from './default-command.js';

const SHOWN_REJECTIONS = 10;

export const registerListCommands: RegisterCommands = (program, context) => {
  const lists = program.command('lists').description('the lists of the workspace');

  addDefaultCommand(lists, 'list')
    .description('show all lists')
    .action(async () => {
      const all = await context.api.listLists();
      const rows = all.map(({ id, name, entityType, rowCount }) => [id, name, entityType, formatNumber(rowCount)]);
      context.output.result(
        all,
        rows.length === 0 ? 'There are no lists yet.' : renderTable(['id', 'name', 'type', 'rows'], rows),
      );
    });

  lists
    .command('import')
    .description('make a list out of a CSV file; its header names become attributes')
    .argument('<file>', 'a CSV file with a header')
    .option('--name <name>', 'title of the new list (default: the name of the file)')
    .addOption(new Option('--type <type>', 'what a row is').choices(['company', 'contact']).default('company'))
    .action(async (file: string, options: { name?: string; type: UnoList['entityType'] }) => {
      const path = resolvePath(context.environment, file);
      await requireReadable(path, file);
      const { name = parse(file).name, type } = options;
      const { list, report } = await importFile(context, path, { name, entityType: type });
      context.output.result({ ...list, ...report }, describeImport(list, report));
    });

  addIdentityCommand(lists, context);
};

/** A pipe is as good as a file, so that `<(…)` of a shell works; `file` is the path as the person typed it. */
async function requireReadable(path: string, file: string): Promise<void> {
  if (file === '') throw new UsageFailure('Name the CSV file.');
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new UsageFailure(`There is no file ${file} (looked for ${path}).`);
    throw new UsageFailure(`The file ${file} cannot be read (${error.code}).`);
  });
  if ((await stat(path)).isDirectory()) throw new UsageFailure(`${file} is a directory, not a file.`);
}

/** A list without its rows helps nobody: if the import is refused, stopped or empty, the list goes again. */
async function importFile(
  { api, output, environment: { interrupted } }: CommandContext,
  path: string,
  wanted: Pick<UnoList, 'name' | 'entityType'>,
): Promise<{ list: UnoList; report: ImportReport }> {
  const list = await api.createList(wanted);
  try {
    const report = await api.importRows(list.id, createReadStream(path), interrupted);
    if (report.imported === 0) throw nothingImported(report);
    return { list, report };
  } catch (error) {
    await api.deleteList(list.id).catch(() => output.note(`The empty list ${list.id} could not be removed.`));
    if (interrupted?.aborted === true) throw new InterruptedFailure('Stopped. Nothing was imported.');
    throw error;
  }
}

function nothingImported({ rejectedCount, rejected: [first] }: ImportReport): CommandFailure {
  const why =
    first === undefined
      ? 'The file has a header line and no rows'
      : `No line became a row, ${formatNumber(rejectedCount)} rejected; line ${first.line}: ${first.reason}`;
  return new CommandFailure(`${why}. Nothing was imported.`, 'nothing_imported');
}

function describeImport(list: UnoList, report: ImportReport): string {
  const rejected = report.rejected.slice(0, SHOWN_REJECTIONS).map(({ line, reason }) => `  line ${line}: ${reason}`);
  return [
    `${list.id}  ${list.name}`,
    `Imported ${formatCount(report.imported, 'row')}, rejected ${formatNumber(report.rejectedCount)}.`,
    ...rejected,
    ...(report.rejectedCount > rejected.length
      ? [`  … ${formatNumber(report.rejectedCount - rejected.length)} more`]
      : []),
    describeIdentity(report.identity) ??
      `No attribute was recognised as the identity; set it before you add a column: ${howToSetIdentity(list.id)}`,
  ].join('\n');
}
