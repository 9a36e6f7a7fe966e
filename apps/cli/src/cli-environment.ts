/** Everything a command takes from the process around it, so that a test can hand in its own. */
export interface CliEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Aborted when the person at the keyboard presses Ctrl-C. */
  readonly interrupted?: AbortSignal;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}
