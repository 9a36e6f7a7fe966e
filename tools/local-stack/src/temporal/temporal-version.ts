import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The version of the CLI that is downloaded or built. */
export const TEMPORAL_CLI_VERSION = '1.8.2';

/** The server inside that CLI, and the one that is built to run on Postgres. */
export const TEMPORAL_SERVER_VERSION = '1.31.2';

type Version = readonly [major: number, minor: number, patch: number];

/** The oldest ones that serve us: they know fairness between workspaces. */
const OLDEST_CLI: Version = [1, 5, 0];
const OLDEST_SERVER: Version = [1, 29, 0];
const run = promisify(execFile);

/**
 * Asks a Temporal CLI for its version.
 *
 * @throws when it cannot be run, does not say its version, or is too old.
 */
export function checkTemporalCli(path: string): Promise<string> {
  return checkVersion(path, /temporal version (\d+)\.(\d+)\.(\d+)/, OLDEST_CLI);
}

/**
 * Asks a Temporal server, or the tool for its schemas, for its version.
 *
 * @throws when it cannot be run, does not say its version, or is too old.
 */
export function checkTemporalServer(path: string): Promise<string> {
  return checkVersion(path, /temporal(?:-sql-tool)? version (\d+)\.(\d+)\.(\d+)/, OLDEST_SERVER);
}

async function checkVersion(path: string, says: RegExp, oldest: Version): Promise<string> {
  const { stdout } = await run(path, ['--version'], { timeout: 30_000 });
  const version = says.exec(stdout);
  if (!version) throw new Error(`${path} is not what it should be, it says: "${stdout.trim()}"`);
  const parts = version.slice(1).map(Number);
  const difference = oldest.map((part, index) => (parts[index] ?? 0) - part).find((part) => part !== 0) ?? 0;
  if (difference < 0) {
    throw new Error(`${path} is version ${parts.join('.')}, at least ${oldest.join('.')} is needed`);
  }
  return parts.join('.');
}
