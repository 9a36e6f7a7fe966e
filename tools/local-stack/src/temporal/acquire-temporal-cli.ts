import { randomUUID } from 'node:crypto';
import { access, chmod, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withFileLock } from '../process/file-lock.js';
import { buildTemporalCli } from './build-temporal-cli.js';
import { downloadTemporalCli } from './download-temporal-cli.js';
import { checkTemporalCli, TEMPORAL_CLI_VERSION } from './temporal-version.js';

/** A way to bring the program to a path, reporting what it does. */
export type ProduceTemporalCli = (target: string, onProgress: (message: string) => void) => Promise<void>;

/** What {@link acquireTemporalCli} works with; everything has a default. */
export interface AcquireOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Receives a line now and then while it downloads or builds (default: standard error). */
  readonly onProgress?: (message: string) => void;
  /** Ways to get the program, tried in order (default: the vendor's download, then a build from the Go module). */
  readonly producers?: readonly ProduceTemporalCli[];
}

/** None of the ways to a Temporal CLI worked; the message says what to do. */
export class TemporalCliUnavailable extends Error {
  override readonly name = 'TemporalCliUnavailable';
}

/**
 * Finds or makes a Temporal CLI and returns its path: `TEMPORAL_CLI_PATH`, then `temporal` on the PATH if it is new
 * enough, then the user's cache, then the vendor's download, then a build with Go. The cache lies outside the checkout;
 * processes that fill it at the same time share one download or build.
 *
 * @throws TemporalCliUnavailable with every reason and what to do about it.
 */
export async function acquireTemporalCli(options: AcquireOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  const chosen = env['TEMPORAL_CLI_PATH'];
  if (chosen) {
    await checkTemporalCli(chosen).catch((error: Error) => {
      throw new TemporalCliUnavailable(`TEMPORAL_CLI_PATH is set, but cannot be used: ${error.message}`);
    });
    return chosen;
  }
  const onPath = await findOnPath(env);
  if (onPath) return onPath;
  const cached = join(cacheDirectory(env), 'temporal');
  if (await exists(cached)) return cached;
  return fillCache(cached, options);
}

async function fillCache(target: string, options: AcquireOptions): Promise<string> {
  const onProgress = options.onProgress ?? ((message: string) => void process.stderr.write(`${message}\n`));
  const producers = options.producers ?? [downloadTemporalCli, buildTemporalCli];
  await mkdir(join(target, '..'), { recursive: true });
  return withFileLock(
    `${target}.lock`,
    async () => {
      if (await exists(target)) return target;
      const reasons: string[] = [];
      for (const produce of producers) {
        const draft = `${target}.${randomUUID()}`;
        try {
          await produce(draft, onProgress);
          await chmod(draft, 0o755);
          await checkTemporalCli(draft);
          await rename(draft, target);
          return target;
        } catch (error) {
          reasons.push(reasonOf(error));
        } finally {
          await rm(draft, { force: true });
        }
      }
      throw new TemporalCliUnavailable(explain(reasons));
    },
    (holderPid) => onProgress(`Waiting for process ${holderPid}, which is getting the Temporal CLI …`),
  );
}

function explain(reasons: readonly string[]): string {
  return [
    `The Temporal CLI ${TEMPORAL_CLI_VERSION} could not be obtained:`,
    ...reasons.map((reason) => `- ${reason}`),
    'Do one of these and start again:',
    '- install it (https://docs.temporal.io/cli) so that "temporal" is on the PATH, or set TEMPORAL_CLI_PATH to it;',
    '- install Go 1.26.4 or later, from which it is built;',
    '- set TEMPORAL_ADDRESS to a Temporal server that is already running.',
  ].join('\n');
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && !message.includes(cause.message) ? `${message} (${cause.message})` : message;
}

async function findOnPath(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const directory of (env['PATH'] ?? '').split(':').filter(Boolean)) {
    const candidate = join(directory, 'temporal');
    try {
      await checkTemporalCli(candidate);
      return candidate;
    } catch {
      continue;
    }
  }
  return undefined;
}

function cacheDirectory(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  return join(base, 'uno-orchestrator', `temporal-${TEMPORAL_CLI_VERSION}`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
