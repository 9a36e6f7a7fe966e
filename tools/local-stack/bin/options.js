import { parseArgs } from 'node:util';

/** An option that a command does not know: a typo must not start something else than what was meant. */
const MISUSED = 2;

/** Reads options that are switches; ends the process, with the options that there are, where anything else is given. */
export function readSwitches(command, names) {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'boolean' }]));
    return parseArgs({ args: process.argv.slice(2), options, strict: true }).values;
  } catch (error) {
    // Node adds, after the sentence that says what is wrong, how a positional argument would be written.
    const [what] = error.message.split('. ');
    console.error(`${command}: ${what}. It knows ${names.map((name) => `--${name}`).join(', ')}.`);
    process.exit(MISUSED);
  }
}
