import type { Command } from 'commander';
import type { UnoList } from '../api/shapes.js';
import { resolveOne } from '../resolve.js';
import type { CommandContext } from './command-context.js';

type Identity = UnoList['identity'];

/** Adds `uno lists identity`: which attributes say who a row is, shown or corrected. */
export function addIdentityCommand(lists: Command, context: CommandContext): void {
  lists
    .command('identity')
    .description('show or set which attributes say who a row is; an empty ATTRIBUTE takes one away')
    .argument('<list>', 'id or title of the list')
    .option('--name <ATTRIBUTE>', 'the attribute that holds the name')
    .option('--domain <ATTRIBUTE>', 'the attribute that holds the domain')
    .option('--email <ATTRIBUTE>', 'the attribute that holds the email address')
    .action(async (wanted: string, changes: Identity) => {
      const { api, output } = context;
      const list = resolveOne('list', wanted, await api.listLists());
      // The API takes an identity as a whole; what the person does not name stays as it is.
      const identity = Object.fromEntries(namedAttributes({ ...list.identity, ...changes }));
      const shown = Object.keys(changes).length === 0 ? list : await api.changeIdentity(list.id, identity);
      output.result(shown, describeList(shown));
    });
}

/** The identity on one line; undefined when no attribute is part of it. */
export function describeIdentity(identity: Identity): string | undefined {
  const named = namedAttributes(identity).map(([part, attribute]) => `${part} = ${attribute}`);
  return named.length === 0 ? undefined : `Identity: ${named.join(', ')}`;
}

/** What a person types to give the list its identity. */
export function howToSetIdentity(listId: string): string {
  return `uno lists identity ${listId} --name ATTRIBUTE`;
}

function describeList({ id, name, identity, attributes }: UnoList): string {
  const missing = `No attribute is the identity yet; set it with: ${howToSetIdentity(id)}`;
  const known = attributes.length === 0 ? 'none yet, import rows first' : attributes.join(', ');
  return [`${id}  ${name}`, describeIdentity(identity) ?? missing, `Attributes: ${known}`].join('\n');
}

function namedAttributes(identity: Identity): [part: string, attribute: string][] {
  return Object.entries(identity).filter(([, attribute]) => attribute !== '');
}
