import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The version that is downloaded or built. */
export const TEMPORAL_CLI_VERSION = '1.8.2';

/** The oldest one that serves us: its server knows fairness between workspaces. */
const OLDEST_USABLE = [1, 5, 0] as const;
const run = promisify(execFile);

/**
 * Asks a Temporal CLI for its version.
 *
 * @throws when it cannot be run, does not say its version, or is too old.
 */
export async function checkTemporalCli(path: string): Promise<string> {
  const { stdout } = await run(path, ['--version'], { timeout: 30_000 });
  const version = /temporal version (\d+)\.(\d+)\.(\d+)/.exec(stdout);
  if (!version) throw new Error(`${path} does not look like the Temporal CLI: "${stdout.trim()}"`);
  const parts = version.slice(1).map(Number);
  const difference = OLDEST_USABLE.map((oldest, index) => (parts[index] ?? 0) - oldest).find((part) => part !== 0) ?? 0;
  if (difference < 0) {
    throw new Error(`${path} is version ${parts.join('.')}, at least ${OLDEST_USABLE.join('.')} is needed`);
  }
  return parts.join('.');
}
