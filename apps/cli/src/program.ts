import { ApiProblem } from '@uno/api-client';
import { Command, CommanderError } from 'commander';
import type { CliEnvironment } from './cli-environment.js';
import { registerColumnCommands } from './commands/columns.commands.js';
import { CommandContext } from './commands/command-context.js';
import { registerCreditCommands } from './commands/credits.commands.js';
import { registerExportCommand } from './commands/export.command.js';
import { registerFillCommand } from './commands/fill.command.js';
import { registerJobCommands } from './commands/jobs.commands.js';
import { registerListCommands } from './commands/lists.commands.js';
import { registerReconcileCommand } from './commands/reconcile.command.js';
import { registerRowsCommand } from './commands/rows.command.js';
import { registerServiceCommands } from './commands/services.commands.js';
import { registerStackCommands } from './commands/stack.commands.js';
import { registerWorkspaceCommands } from './commands/workspaces.commands.js';
import { whereTheKeyIsFrom } from './credentials.js';
import { EXIT_CODES } from './exit-codes.js';
import { InterruptedFailure, UsageFailure } from './failures.js';
import { Output } from './output/output.js';

const GROUPS = [
  registerListCommands,
  registerRowsCommand,
  registerColumnCommands,
  registerFillCommand,
  registerExportCommand,
  registerJobCommands,
  registerReconcileCommand,
  registerCreditCommands,
  registerServiceCommands,
  registerWorkspaceCommands,
  registerStackCommands,
];

/** Runs one command line and answers its exit code; it never throws and never ends the process. */
export async function runUno(argv: readonly string[], environment: CliEnvironment): Promise<number> {
  const output = new Output(environment, argv.includes('--json'));
  const context = new CommandContext(environment, output);
  try {
    await buildProgram(context, environment).parseAsync(argv, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    return explain(error, output, environment);
  }
}

function buildProgram(context: CommandContext, { stdout, stderr }: CliEnvironment): Command {
  const program = new Command('uno')
    .description('Fills the columns of a list and keeps credits and cells exact.')
    .option('--json', 'one JSON document on stdout, for scripts')
    .showHelpAfterError('Add --help to see how it is used.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    });
  for (const register of GROUPS) register(program, context);
  return program;
}

function explain(error: unknown, output: Output, environment: CliEnvironment): number {
  if (error instanceof CommanderError) {
    // Commander has written its message or the help already; only with --json stdout still owes a document.
    if (error.exitCode === 0) return EXIT_CODES.success;
    const help = error.code === 'commander.help';
    const detail = help ? 'Name a command; --help shows them.' : error.message.replace(/^error: /, '');
    if (output.json) output.result({ error: { code: 'usage', detail } }, '');
    return EXIT_CODES.usage;
  }
  const failure = error instanceof Error ? error : new Error(String(error));
  output.failure(withKeySource(failure, environment));
  if (failure instanceof InterruptedFailure) return EXIT_CODES.interrupted;
  return failure instanceof UsageFailure ? EXIT_CODES.usage : EXIT_CODES.failed;
}

/** "This key is refused" helps only who knows which key that was. */
function withKeySource(failure: Error, environment: CliEnvironment): Error {
  if (!(failure instanceof ApiProblem) || failure.status !== 401) return failure;
  return new ApiProblem(401, failure.code, `${failure.message} ${whereTheKeyIsFrom(environment)}`, failure.errors);
}
