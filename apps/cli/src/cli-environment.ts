import { resolve } from 'node:path';

/** Everything a command takes from the process around it, so that a test can hand in its own. */
export interface CliEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Aborted when the person at the keyboard presses Ctrl-C; a command that never looks at it is ended by that. */
  readonly interrupted?: AbortSignal;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** An absolute path. `npm run uno` moves to the root of the repository; a file is named from where the person is. */
export function resolvePath({ env, cwd }: Pick<CliEnvironment, 'env' | 'cwd'>, file: string): string {
  const startedFrom = env['npm_lifecycle_event'] === 'uno' ? (env['INIT_CWD'] ?? cwd) : cwd;
  return resolve(startedFrom, file);
}
