import { findStackHome } from '../credentials.js';
import { CommandFailure } from '../failures.js';
import { renderTable } from '../output/table.js';
import type { RegisterCommands } from './command-context.js';

export const registerStackCommands: RegisterCommands = (program, context) => {
  program
    .command('stack')
    .description('the processes of the local stack')
    .action(async () => {
      const { environment, output } = context;
      // Only this command needs the local stack, and loading it takes longer than most commands run.
      const { readStack } = await import('@uno/local-stack');
      const processes = readStack(findStackHome(environment));
      if (processes === undefined)
        throw new CommandFailure('No local stack is running. Start it with: npm start', 'no_stack');
      const rows = processes.map(({ name, pid, port, url, restarts, healthy }) => [
        name,
        pid === null ? '-' : String(pid),
        String(port),
        String(restarts),
        healthy ? output.colors.green('healthy') : output.colors.red('not healthy'),
        url,
      ]);
      output.result(processes, renderTable(['name', 'pid', 'port', 'restarts', 'health', 'url'], rows));
    });
};
