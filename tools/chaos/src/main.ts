import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { runCampaign } from './campaign/campaign.js';
import { COLUMN_SETS, type ColumnSet } from './plan/columns.js';
import { FAULT_KINDS, type FaultKind } from './plan/run-plan.js';
import { FAULT_CASES, FAULTED_SERVICES, type FaultedService } from './provider-faults/fault-cases.js';
import { runProviderFaults } from './provider-faults/run-provider-faults.js';
import { runPlantedBugs } from './planted-bugs/run-planted-bugs.js';
import { writeReport } from './report/write-report.js';
import { runScenarios } from './scenarios/run-scenarios.js';
import { DEFAULT_OUT } from './stack/stack-home.js';

const DEFAULT_PORT_BASE = '4300';
const DEFAULT_RUNS = '100';

/**
 * The command line of `npm run chaos`.
 *
 * @returns the exit code: 0 when no law was violated.
 */
export async function main(args: readonly string[]): Promise<number> {
  let code = 0;
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const program = new Command('chaos').description('Kills and faults real processes and judges what is left.');
  const withStack = (command: Command): Command =>
    command
      .option('--out <folder>', 'where state, results and findings are kept', DEFAULT_OUT)
      .option('--port-base <number>', 'first port of the stack under test', wholeNumber, Number(DEFAULT_PORT_BASE))
      .option('--no-build', 'try what is built already');

  withStack(program.command('campaign'))
    .description('random runs, each drawn from the seed and its number')
    .option('--runs <number>', 'runs with a hit', wholeNumber, Number(DEFAULT_RUNS))
    .option('--seed <number>', 'seed of all plans', wholeNumber, 1)
    .option('--resume', 'go on after the runs that are there already', false)
    .option('--keep-going', 'go on after a violation', false)
    .option('--without <kinds...>', 'kinds of faults to leave out', faultKinds, [])
    .addOption(
      new Option('--columns <set>', 'columns of data alone, or six of four teams').choices(COLUMN_SETS).default('data'),
    )
    .option('--only <run>', 'this one run again', wholeNumber)
    .action(async (options: CampaignFlags) => {
      code = (await runCampaign({ ...options, say })) === 0 ? 0 : 1;
    });

  withStack(program.command('scenario'))
    .description('fixed cases, each with the end that it must have')
    .argument('<names...>', 'names of scenarios, or all')
    .action(async (names: string[], options: StackFlags) => {
      code = (await runScenarios({ ...options, names, say })) === 0 ? 0 : 1;
    });

  withStack(program.command('provider-faults'))
    .description('each fault of the providers of a service alone, and all at random, over 1,000 cells')
    .addArgument(new Argument('[services...]', 'ids of services, all when absent').choices(FAULTED_SERVICES))
    .addOption(new Option('--faults <names...>', 'only these').choices(FAULT_CASES.map(({ name }) => name)).default([]))
    .action(async (services: FaultedService[], options: StackFlags & { readonly faults: string[] }) => {
      code = (await runProviderFaults({ ...options, services, say })) === 0 ? 0 : 1;
    });

  withStack(program.command('planted-bugs'))
    .description('whether the checkers find bugs that are planted in a scratch copy')
    .argument('[names...]', 'only these')
    .action(async (names: string[], options: StackFlags) => {
      code = (await runPlantedBugs({ ...options, names, say })) === 0 ? 0 : 1;
    });

  program
    .command('report')
    .description('writes docs/chaos-report.md from what is kept')
    .option('--out <folder>', 'where the results are kept', DEFAULT_OUT)
    .option('--no-build', 'run what is built already')
    .action(async ({ out }: { readonly out: string }) => say(await writeReport(out)));

  await program.parseAsync([...args], { from: 'user' });
  return code;
}

interface StackFlags {
  readonly out: string;
  readonly portBase: number;
}

interface CampaignFlags extends StackFlags {
  readonly runs: number;
  readonly seed: number;
  readonly resume: boolean;
  readonly keepGoing: boolean;
  readonly without: FaultKind[];
  readonly columns: ColumnSet;
  readonly only?: number;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}

function faultKinds(text: string, before: readonly FaultKind[]): FaultKind[] {
  const kind = FAULT_KINDS.find((known) => known === text);
  if (!kind) throw new InvalidArgumentError(`must be one of ${FAULT_KINDS.join(', ')}`);
  return [...before, kind];
}
