import { runUno } from './program.js';

// The first Ctrl-C lets a watch say good-bye, the second one ends the process as usual.
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

const exitCode = await runUno(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted: interruption.signal,
});
process.exitCode = exitCode;
