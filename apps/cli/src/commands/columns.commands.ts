import { ApiProblem } from '@uno/api-client';
import { InvalidArgumentError } from 'commander';
import { formatValue } from '../output/format.js';
import { renderTable } from '../output/table.js';
import { resolveOne } from '../resolve.js';
import type { RegisterCommands } from './command-context.js';
import { howToSetIdentity } from './list-identity.command.js';
import { addDefaultCommand } from './default-command.js';

interface AddColumnOptions {
  readonly list: string;
  readonly name: string;
  readonly service: string;
  readonly config: Readonly<Record<string, unknown>>;
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
};

/** The API tells a program what to send; a person at the command line needs the command that sends it. */
function withCommand(error: unknown, listId: string): unknown {
  if (!(error instanceof ApiProblem) || error.code !== 'no_identity') return error;
  const detail = `No attribute of this list is its identity yet; set it with: ${howToSetIdentity(listId)}`;
  return new ApiProblem(error.status, error.code, detail);
}

function parseConfig(text: string): Readonly<Record<string, unknown>> {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON (${error instanceof Error ? error.message : String(error)}).`);
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new InvalidArgumentError('It must be a JSON object.');
  }
  return config as Readonly<Record<string, unknown>>;
}
