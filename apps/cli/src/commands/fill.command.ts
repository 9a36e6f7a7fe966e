import { Option } from 'commander';
import type { Job } from '../api/shapes.js';
import type { FillRequest } from '../api/uno-api.js';
import { EXIT_CODES } from '../exit-codes.js';
import { CommandFailure, UsageFailure } from '../failures.js';
import { showProgress } from '../jobs/job-progress.js';
import { describeBooks, describeJob } from '../jobs/job-report.js';
import { connectLiveJobs } from '../jobs/live-jobs.js';
import { watchJob } from '../jobs/watch-job.js';
import { resolveOne } from '../resolve.js';
import type { CommandContext, RegisterCommands } from './command-context.js';
import { wholeNumberFrom } from './parse-amount.js';

interface FillOptions {
  readonly list: string;
  readonly column: readonly string[];
  readonly scope?: 'all' | 'missing' | 'rows';
  readonly row: readonly string[];
  readonly maxCredits?: number;
  readonly watch?: boolean;
}

const SCOPES = ['missing', 'all', 'rows'];
const WHICH_CELLS =
  'which cells: missing (blank, not found, failed or skipped), all (filled ones are looked up again), ' +
  'rows (those named with --row); default: missing, or rows with --row';

export const registerFillCommand: RegisterCommands = (program, context) => {
  program
    .command('fill')
    .description('fill cells of a list; with --watch until the job has ended and its books are closed')
    .requiredOption('--list <list>', 'id or title of the list')
    .option('--column <column>', 'id or title of a column, repeatable (default: all columns)', collect, [])
    .addOption(new Option('--scope <scope>', WHICH_CELLS).choices(SCOPES))
    .option('--row <row>', 'id of a row, repeatable', collect, [])
    .option('--max-credits <n>', 'spend at most so many credits', wholeNumberFrom(0))
    .option('--watch', 'show the progress; exit 0 only if the job completed and its books are closed')
    .action(async (options: FillOptions) => {
      // Looked at before anything starts, so that Ctrl-C from now on leaves no job that nobody was told of.
      const interrupted = options.watch === true ? context.environment.interrupted : undefined;
      const job = await startFill(context, options);
      if (options.watch === true) await watchFill(context, job, interrupted);
      else context.output.result(job, `${job.id}  ${job.state}\nWatch it with: uno jobs show ${job.id}`);
    });
};

async function startFill(context: CommandContext, options: FillOptions): Promise<Job> {
  const scope = readScope(options);
  const { api } = context;
  const list = resolveOne('list', options.list, await api.listLists());
  const columns = await api.listColumns(list.id);
  if (columns.length === 0)
    throw new CommandFailure(`"${list.name}" has no column to fill. Add one with: uno columns add`);
  const wanted =
    options.column.length === 0 ? columns : options.column.map((name) => resolveOne('column', name, columns));
  const request: FillRequest = {
    columnIds: [...new Set(wanted.map(({ id }) => id))],
    scope,
    ...(options.maxCredits === undefined ? {} : { maxCredits: options.maxCredits }),
  };
  return api.startJob(list.id, request);
}

async function watchFill(context: CommandContext, started: Job, interrupted?: AbortSignal): Promise<void> {
  const { api, output } = context;
  const progress = showProgress(output);
  const end = await watchJob(api, started, {
    live: connectLiveJobs(api.credentials),
    onProgress: (job) => progress.update(job),
    onOutage: () => output.note('The API is away; asking again until it is back …'),
    ...(interrupted === undefined ? {} : { interrupted }),
  }).finally(() => progress.end());
  if (end.interrupted) {
    output.note(
      `The job goes on without you. Look at it with: uno jobs show ${started.id} – stop it with: uno jobs cancel ${started.id}`,
    );
    output.result(end.job, describeJob(end.job, output.colors));
    context.exitCode = EXIT_CODES.interrupted;
    return;
  }
  const books = await api.getBooks(end.job.id);
  output.result(
    { ...end.job, books },
    `${describeJob(end.job, output.colors)}\n${describeBooks(books, end.job, output.colors)}`,
  );
  if (end.job.state !== 'completed' || !books.closed) context.exitCode = EXIT_CODES.failed;
}

/** @throws UsageFailure where scope and rows contradict each other: a guess would cost credits. */
function readScope({ scope, row }: FillOptions): FillRequest['scope'] {
  if (scope !== undefined && scope !== 'rows') {
    if (row.length > 0) throw new UsageFailure(`--row and --scope ${scope} contradict each other.`);
    return { type: scope };
  }
  if (row.length > 0) return { type: 'rows', rowIds: [...row] };
  if (scope === 'rows') throw new UsageFailure('Say which rows: --row <id>, repeatable.');
  return { type: 'missing' };
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
