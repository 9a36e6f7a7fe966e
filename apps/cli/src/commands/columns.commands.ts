import { ApiProblem } from '@uno/api-client';
import { InvalidArgumentError } from 'commander';
import type { Column } from '../api/shapes.js';
import { formatValue } from '../output/format.js';
import { renderTable } from '../output/table.js';
import { resolveOne } from '../resolve.js';
import type { CommandContext, RegisterCommands } from './command-context.js';
import { howToSetIdentity } from './list-identity.command.js';
import { addDefaultCommand } from './default-command.js';

type Config = Readonly<Record<string, unknown>>;

interface AddColumnOptions {
  readonly list: string;
  readonly name: string;
  readonly service: string;
  readonly config: Config;
}

export const registerColumnCommands: RegisterCommands = (program, context) => {
  const columns = program.command('columns').description('the columns of a list');

  addDefaultCommand(columns, 'list')
    .description('show the columns of a list')
    .requiredOption('--list <list>', 'id or title of the list')
    .action(async ({ list }: { list: string }) => {
      const { id } = resolveOne('list', list, await context.api.listLists());
      const all = await context.api.listColumns(id);
      const rows = all.map((column) => [column.id, column.name, column.service, formatValue(column.config)]);
      const text =
        rows.length === 0 ? 'This list has no columns yet.' : renderTable(['id', 'name', 'service', 'config'], rows);
      context.output.result(all, text);
    });

  columns
    .command('add')
    .description('add a column that a service can fill')
    .requiredOption('--list <list>', 'id or title of the list')
    .requiredOption('--name <name>', 'title of the new column')
    .requiredOption('--service <service>', 'id of the service, see: uno services')
    .requiredOption(
      '--config <json>',
      'what the service shall do, for example \'{"attribute":"industry"}\'',
      parseConfig,
    )
    .action(async ({ list, name, service, config }: AddColumnOptions) => {
      const { id } = resolveOne('list', list, await context.api.listLists());
      const services = (await context.api.listServices()).map((each) => ({ id: each.id, name: each.id }));
      const wanted = { name, service: resolveOne('service', service, services).id, config };
      const column = await context.api.addColumn(id, wanted).catch((error: unknown) => {
        throw withCommand(error, id);
      });
      context.output.result(column, `${column.id}  ${column.name}`);
    });

  columns
    .command('rename')
    .description('give a column another title; what names it keeps naming it')
    .argument('<column>', 'id or title of the column')
    .requiredOption('--list <list>', 'id or title of the list')
    .requiredOption('--name <name>', 'its new title')
    .action(async (wanted: string, { list, name }: { list: string; name: string }) => {
      const { listId, column: known } = await findColumn(context, list, wanted);
      const column = await context.api.changeColumn(listId, known.id, { name });
      context.output.result(column, `${column.id}  ${column.name}`);
    });

  columns
    .command('change')
    .description('replace the config of a column; filled cells keep their values until they are filled again')
    .argument('<column>', 'id or title of the column')
    .requiredOption('--list <list>', 'id or title of the list')
    .requiredOption('--config <json>', 'what the service shall do from now on, as a whole', parseConfig)
    .action(async (wanted: string, { list, config }: { list: string; config: Config }) => {
      const { listId, column: known } = await findColumn(context, list, wanted);
      const column = await context.api.changeColumn(listId, known.id, { config });
      context.output.result(column, `${column.id}  ${column.name}  ${formatValue(column.config)}`);
    });

  columns
    .command('delete')
    .description('delete a column that no other column names and no job is working on')
    .argument('<column>', 'id or title of the column')
    .requiredOption('--list <list>', 'id or title of the list')
    .action(async (wanted: string, { list }: { list: string }) => {
      const { listId, column } = await findColumn(context, list, wanted);
      await context.api.deleteColumn(listId, column.id);
      context.output.result(column, `Deleted ${column.id}  ${column.name}`);
    });
};

async function findColumn(
  { api }: CommandContext,
  list: string,
  wanted: string,
): Promise<{ listId: string; column: Column }> {
  const { id: listId } = resolveOne('list', list, await api.listLists());
  return { listId, column: resolveOne('column', wanted, await api.listColumns(listId)) };
}

/** The API tells a program what to send; a person at the command line needs the command that sends it. */
function withCommand(error: unknown, listId: string): unknown {
  if (!(error instanceof ApiProblem) || error.code !== 'no_identity') return error;
  const detail = `No attribute of this list is its identity yet; set it with: ${howToSetIdentity(listId)}`;
  return new ApiProblem(error.status, error.code, detail);
}

function parseConfig(text: string): Config {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON (${error instanceof Error ? error.message : String(error)}).`);
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new InvalidArgumentError('It must be a JSON object.');
  }
  return config as Config;
}
