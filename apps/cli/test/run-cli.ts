import { Writable } from 'node:stream';
import type { CliEnvironment } from '../src/cli-environment.js';
import { runUno } from '../src/program.js';

/** What a run of `uno` left behind. */
export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, without a terminal and without the credentials of the machine. */
export async function runCli(argv: readonly string[], environment: Partial<CliEnvironment> = {}): Promise<Run> {
  const stdout = new Capture();
  const stderr = new Capture();
  const exitCode = await runUno(argv, { env: {}, cwd: '/', ...environment, stdout, stderr });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Capture extends Writable {
  text = '';

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
