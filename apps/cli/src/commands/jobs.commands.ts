import { ApiProblem, metOnlyBusyCells } from '@uno/api-client';
import { InvalidArgumentError, Option } from 'commander';
import { JOB_STATES } from '../api/shapes.js';
import type { Job } from '../api/shapes.js';
import type { EffectOutcome } from '../api/uno-api.js';
import { EXIT_CODES } from '../exit-codes.js';
import { settledCells } from '../jobs/job-progress.js';
import { describeEffects, EFFECT_OUTCOMES } from '../jobs/effect-report.js';
import { describeBooks, describeJob, paintState } from '../jobs/job-report.js';
import { formatNumber, formatValue } from '../output/format.js';
import { renderTable } from '../output/table.js';
import { resolveOne } from '../resolve.js';
import type { RegisterCommands } from './command-context.js';
import { addDefaultCommand } from './default-command.js';
import { parseAmount } from './parse-amount.js';

interface ListJobsOptions {
  readonly list?: string;
  readonly state?: Job['state'];
  readonly limit: number;
}

export const registerJobCommands: RegisterCommands = (program, context) => {
  const jobs = program.command('jobs').description('the fills that were started, and what they cost');

  addDefaultCommand(jobs, 'list')
    .description('show the latest jobs')
    .option('--list <list>', 'id or title of a list')
    .addOption(new Option('--state <state>', 'only jobs in this state').choices(JOB_STATES))
    .option('--limit <n>', 'at most so many', parseAmount, 20)
    .action(async ({ list, state, limit }: ListJobsOptions) => {
      const { api, output } = context;
      const lists = await api.listLists();
      const listId = list === undefined ? undefined : resolveOne('list', list, lists).id;
      const filter = { ...(listId === undefined ? {} : { listId }), ...(state === undefined ? {} : { state }) };
      const { items, hasMore } = await api.listJobs(filter, limit);
      const titles = new Map(lists.map(({ id, name }) => [id, name]));
      const rows = items.map((job) => [
        job.id,
        paintState(job, output.colors),
        formatValue(titles.get(job.listId) ?? job.listId),
        formatValue((job.columnNames ?? job.columnIds).join(', ')),
        `${formatNumber(settledCells(job))}/${formatNumber(job.totals.cells)}`,
        formatNumber(job.credits.captured - job.credits.refunded),
        job.createdAt,
        metOnlyBusyCells(job) ? 'all cells were busy with another job' : '',
      ]);
      const header = ['id', 'state', 'list', 'columns', 'cells', 'credits', 'created', 'note'];
      const more = hasMore ? '\n… more; see them with a higher --limit' : '';
      output.result(items, rows.length === 0 ? 'There are no jobs yet.' : `${renderTable(header, rows)}${more}`);
    });

  jobs
    .command('show')
    .description('show one job')
    .argument('<id>', 'id of the job', parseId)
    .action(async (id: string) => {
      const job = await context.api.getJob(id).catch(nameJob(id));
      context.output.result(job, describeJob(job, context.output.colors));
    });

  jobs
    .command('cancel')
    .description('stop a job and undo it')
    .argument('<id>', 'id of the job', parseId)
    .action(async (id: string) => {
      await context.api.cancelJob(id).catch(nameJob(id));
      const job = await context.api.getJob(id);
      context.output.result(job, `Cancel accepted.\n${describeJob(job, context.output.colors)}`);
    });

  jobs
    .command('compensate')
    .description('let a job that could not take back what it wrote at a provider try again at once')
    .argument('<id>', 'id of the job', parseId)
    .action(async (id: string) => {
      await context.api.compensateJob(id).catch(nameJob(id));
      const job = await context.api.getJob(id);
      context.output.result(job, `Compensate accepted.\n${describeJob(job, context.output.colors)}`);
    });

  jobs
    .command('effects')
    .description('show the records that a job wrote at providers, and what became of them when it was undone')
    .argument('<id>', 'id of the job', parseId)
    .addOption(new Option('--outcome <outcome>', 'only records that ended so').choices(EFFECT_OUTCOMES))
    .option('--limit <n>', 'at most so many (default: all)', parseAmount)
    .action(async (id: string, { outcome, limit }: { outcome?: EffectOutcome; limit?: number }) => {
      const effects = await context.api.listEffects(id, outcome, limit).catch(nameJob(id));
      context.output.result(effects.items, describeEffects(effects));
    });

  jobs
    .command('books')
    .description(
      'prove what was paid against what was filled; exit 0 only if the job completed and its books are closed',
    )
    .argument('<id>', 'id of the job', parseId)
    .action(async (id: string) => {
      const books = await context.api.getBooks(id).catch(nameJob(id));
      const { colors } = context.output;
      const text = `${id}  ${paintState(books, colors)}\n${describeBooks(books, { id }, colors)}`;
      context.output.result({ jobId: id, ...books }, text);
      if (books.state !== 'completed' || !books.closed) context.exitCode = EXIT_CODES.failed;
    });
};

function parseId(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  return text;
}

/** For a job that is not there, says which one that was and where the others are. */
function nameJob(id: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
    throw new ApiProblem(404, error.code, `There is no job "${id}". See the latest with: uno jobs list`);
  };
}
