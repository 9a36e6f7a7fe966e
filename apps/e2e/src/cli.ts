import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readCredentials, REPOSITORY } from './stack-home.js';
import type { Workspace } from './workspace.js';

/** What a run of `uno` left behind. */
export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line of the checkout as a user of this workspace. */
export async function uno(workspace: Workspace, ...args: readonly string[]): Promise<CliRun> {
  const child = spawn(process.execPath, [join(REPOSITORY, 'apps', 'cli', 'bin', 'uno.js'), ...args], {
    env: { ...process.env, UNO_URL: readCredentials().url, UNO_API_KEY: workspace.apiKey, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject));
  const [exitCode, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  return { exitCode, stdout, stderr };
}

/** Runs a command that must succeed. @returns the document that it wrote with `--json` */
export async function unoJson<T>(workspace: Workspace, ...args: readonly string[]): Promise<T> {
  const run = await uno(workspace, ...args, '--json');
  if (run.exitCode !== 0)
    throw new Error(`uno ${args.join(' ')} ended with ${run.exitCode}:\n${run.stderr}${run.stdout}`);
  return JSON.parse(run.stdout) as T;
}
