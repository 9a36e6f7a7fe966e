import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { resolvePath } from '../cli-environment.js';
import { CommandFailure, UsageFailure } from '../failures.js';
import { resolveOne } from '../resolve.js';
import type { RegisterCommands } from './command-context.js';

export const registerExportCommand: RegisterCommands = (program, context) => {
  program
    .command('export')
    .description('write a list with its cells as CSV, to stdout or into a file')
    .requiredOption('--list <list>', 'id or title of the list')
    .option('--out <file>', 'file to write (default: stdout)')
    .action(async ({ list, out }: { list: string; out?: string }) => {
      const { api, environment, output } = context;
      if (output.json && out === undefined) throw new UsageFailure('With --json, say where the CSV goes: --out <file>');
      const { id, name } = resolveOne('list', list, await api.listLists());
      const csv = await api.exportCsv(id);
      if (out === undefined) return pipeline(csv, environment.stdout, { end: false }).catch(unlessReaderLeft);
      const file = resolvePath(environment, out);
      await pipeline(csv, createWriteStream(file)).catch((error: NodeJS.ErrnoException) => {
        throw new CommandFailure(`${file} could not be written whole (${error.code ?? error.message}).`, 'not_written');
      });
      output.result({ listId: id, file }, `"${name}" was written to ${file}`);
    });
};

/** `uno export | head` has what it wants when it closes the pipe. */
function unlessReaderLeft(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  throw new CommandFailure(`The list was not written whole (${error.code ?? error.message}).`, 'not_written');
}
