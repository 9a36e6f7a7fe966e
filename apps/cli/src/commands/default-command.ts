import type { Command } from 'commander';
import { UsageFailure } from '../failures.js';

/**
 * Adds the command that a group runs when none is named. Commander would take a mistyped name for an argument of it and
 * complain about too many of them.
 */
export function addDefaultCommand(group: Command, name: string): Command {
  return group
    .command(name, { isDefault: true })
    .allowExcessArguments()
    .hook('preAction', (_, { args: [unknown] }) => {
      if (unknown === undefined) return;
      const known = group.commands.map((command) => command.name()).join(', ');
      throw new UsageFailure(`There is no "uno ${group.name()} ${unknown}". There is ${known}.`);
    });
}
