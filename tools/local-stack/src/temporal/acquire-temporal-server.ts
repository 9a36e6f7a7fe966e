import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWithGo } from './build-with-go.js';
import { fromCache, NotProduced, type ProduceProgram, programCache } from './program-cache.js';
import type { AcquireOptions } from './acquire-temporal-cli.js';
import { checkTemporalServer, TEMPORAL_SERVER_VERSION } from './temporal-version.js';

/** Paths of the programs of a Temporal server that keeps its state in Postgres. */
export interface TemporalServerPrograms {
  readonly server: string;
  /** Makes its schemas and brings them up to date. */
  readonly sqlTool: string;
}

/** There is no Temporal server, and none could be built; the message is the reason. */
export class TemporalServerUnavailable extends Error {
  override readonly name = 'TemporalServerUnavailable';
}

/**
 * Finds or makes the Temporal server that clusters run, as opposed to the development server inside the CLI:
 * `TEMPORAL_SERVER_PATH` (a folder as the vendor's release archive has it, with `temporal-server` and
 * `temporal-sql-tool`), then the user's cache, then a build with Go from the module in `temporal-server/`.
 *
 * @throws TemporalServerUnavailable with the reason.
 */
export async function acquireTemporalServer(options: AcquireOptions = {}): Promise<TemporalServerPrograms> {
  const env = options.env ?? process.env;
  const chosen = env['TEMPORAL_SERVER_PATH'];
  if (chosen) {
    await checkPrograms(chosen).catch((error: Error) => {
      throw new TemporalServerUnavailable(`TEMPORAL_SERVER_PATH is set, but cannot be used: ${error.message}`);
    });
    return programsIn(chosen);
  }
  const folder = await fromCache({
    name: 'the Temporal server',
    target: join(programCache(env), `temporal-server-${TEMPORAL_SERVER_VERSION}`),
    producers: options.producers ?? [buildTemporalServer],
    check: checkPrograms,
    onProgress: options.onProgress,
  }).catch((error: unknown) => {
    throw error instanceof NotProduced ? new TemporalServerUnavailable(error.message) : error;
  });
  return programsIn(folder);
}

function programsIn(folder: string): TemporalServerPrograms {
  return { server: join(folder, 'temporal-server'), sqlTool: join(folder, 'temporal-sql-tool') };
}

async function checkPrograms(folder: string): Promise<void> {
  const { server, sqlTool } = programsIn(folder);
  await checkTemporalServer(server);
  await checkTemporalServer(sqlTool);
}

const buildTemporalServer: ProduceProgram = async (target, onProgress) => {
  const { server, sqlTool } = programsIn(target);
  await mkdir(target);
  const name = `the Temporal server ${TEMPORAL_SERVER_VERSION}`;
  const module = 'temporal-server';
  await buildWithGo({ name, module, main: 'go.temporal.io/server/cmd/server' }, server, onProgress);
  await buildWithGo({ name, module, main: 'go.temporal.io/server/cmd/tools/sql' }, sqlTool, onProgress);
};
