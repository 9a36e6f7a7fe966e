import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeDirectory, stackHome } from './stack/home.js';
import { type LocalStack, StackRunner } from './stack/local-stack.js';
import { makePrivate } from './stack/private-home.js';
import { StackError } from './stack/stack-error.js';

const PARENT_CHECK_MS = 500;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const USAGE = `Usage: npm start [-- --ephemeral] [-- --no-build]

Starts everything on this machine: Postgres, Temporal, billing, the API with the page, the workers and the provider
sandbox, and seeds a demo workspace. Ctrl-C stops all of it; the next start goes on where it was.

  --ephemeral   keep nothing: databases and keys are thrown away at the end
  --no-build    start what is built already

  --help        say this

  UNO_PORT_BASE=4000    moves all ports together (default 3000)
  UNO_HOME=.uno-2       where state is kept (default .uno)
  DATABASE_URL, BILLING_DATABASE_URL, TEMPORAL_ADDRESS, BILLING_URL
                        use servers of your own, see docs/how-to/own-servers.md
`;

/** What the command line switches on; it was read, and what it does not know refused, before anything was built. */
export interface StartSwitches {
  readonly ephemeral?: boolean;
  readonly help?: boolean;
}

/**
 * Runs the local stack until it is told to stop.
 *
 * @returns the exit code.
 */
export async function main({ ephemeral = false, help = false }: StartSwitches): Promise<number> {
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  // A terminal that went away must not end the supervisor before it has ended its processes.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const directory = homeDirectory();
  try {
    makePrivate(directory);
  } catch (error) {
    process.stderr.write(`\n${explain(error)}\n`);
    return 1;
  }
  const data = ephemeral ? mkdtempSync(join(tmpdir(), 'uno-ephemeral-')) : undefined;
  const home = stackHome(directory, data);
  const runner = new StackRunner({ env: process.env, home, ephemeral, terminal: process.stdout });
  const stopRequested = untilStopRequested();
  const started = bringUp(runner);
  const first = await Promise.race([started, stopRequested.then(() => 'stop' as const)]);
  if (first === 'failed') {
    await runner.stop();
    return 1;
  }
  await stopRequested;
  process.stdout.write('\nStopping …\n');
  await runner.stop();
  process.stdout.write('Everything has stopped.\n');
  return 0;
}

async function bringUp(runner: StackRunner): Promise<'started' | 'failed'> {
  try {
    await runner.takeOver();
    process.stdout.write(welcome(await runner.start()));
    return 'started';
  } catch (error) {
    process.stderr.write(`\n${explain(error)}\n`);
    return 'failed';
  }
}

function explain(error: unknown): string {
  return error instanceof StackError ? error.message : ((error as Error).stack ?? String(error));
}

function untilStopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of STOP_SIGNALS) process.on(signal, () => resolve());
    // npm can be killed without passing a signal on; then nobody is left who could stop the stack.
    const parent = process.ppid;
    if (!process.env['npm_lifecycle_event']) return;
    setInterval(() => process.ppid !== parent && resolve(), PARENT_CHECK_MS).unref();
  });
}

function welcome({ settings, workspace }: LocalStack): string {
  return `
  Uno Orchestrator is up.

    The grid       ${settings.url}/#key=${workspace.apiKey}
    Temporal UI    ${settings.temporal.uiUrl ?? settings.temporal.address}
    Command line   npm run -s uno -- --help
    Keys           ${settings.home.credentials}
    Logs           ${settings.home.logs}

  Open the grid, choose the list "Sample companies" and fill its columns. Ctrl-C stops everything.

`;
}
