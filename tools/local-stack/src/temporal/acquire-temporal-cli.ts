import { join } from 'node:path';
import { buildTemporalCli } from './build-temporal-cli.js';
import { downloadTemporalCli } from './download-temporal-cli.js';
import { fromCache, NotProduced, type ProduceProgram, programCache } from './program-cache.js';
import { checkTemporalCli, TEMPORAL_CLI_VERSION } from './temporal-version.js';

/** What {@link acquireTemporalCli} works with; everything has a default. */
export interface AcquireOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Receives a line now and then while it downloads or builds (default: standard error). */
  readonly onProgress?: (message: string) => void;
  /** Ways to get the program, tried in order (default: the vendor's download, then a build from the Go module). */
  readonly producers?: readonly ProduceProgram[];
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
  return fromCache({
    name: 'the Temporal CLI',
    target: join(programCache(env), `temporal-${TEMPORAL_CLI_VERSION}`, 'temporal'),
    producers: options.producers ?? [downloadTemporalCli, buildTemporalCli],
    check: checkTemporalCli,
    onProgress: options.onProgress,
  }).catch((error: unknown) => {
    throw error instanceof NotProduced ? new TemporalCliUnavailable(explain(error.reasons)) : error;
  });
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
