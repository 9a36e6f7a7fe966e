import { runUno } from './program.js';

let interruption: AbortSignal | undefined;

const exitCode = await runUno(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  /** From the first look on, one Ctrl-C is for the command to answer; before that, and the second, end the process. */
  get interrupted() {
    interruption ??= abortOnSigint();
    return interruption;
  },
});
process.exitCode = exitCode;

function abortOnSigint(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}
