import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startChild } from '../process/running-process.js';
import { TEMPORAL_CLI_VERSION } from './temporal-version.js';

const MODULE_DIRECTORY = fileURLToPath(new URL('../../temporal-cli', import.meta.url));
const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';
const REPORT_EVERY_MS = 5_000;

/**
 * Builds the CLI with Go from the module in `temporal-cli/`, whose go.sum pins every dependency. Takes four minutes on
 * two cores with an empty Go cache.
 *
 * @param target path of the program that is written.
 * @throws when Go is missing or the build fails, with its last output.
 */
export async function buildTemporalCli(target: string, onProgress: (message: string) => void): Promise<void> {
  onProgress(`Building the Temporal CLI ${TEMPORAL_CLI_VERSION} with Go; once per machine, about four minutes …`);
  const startedAt = Date.now();
  const seen = { downloads: 0, packages: 0 };
  const version = `-X github.com/temporalio/cli/internal/temporalcli.Version=${TEMPORAL_CLI_VERSION}`;
  const build = await startChild(
    {
      command: 'go',
      args: ['build', '-v', '-buildvcs=false', '-modcacherw', '-ldflags', `-s -w ${version}`, '-o', target, PACKAGE],
      cwd: MODULE_DIRECTORY,
      env: { ...process.env, CGO_ENABLED: '0', HOME: process.env['HOME'] ?? homedir() },
    },
    (line) => void (line.startsWith('go: downloading') ? seen.downloads++ : seen.packages++),
  );
  const report = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    const modules = seen.downloads > 0 ? `${seen.downloads} modules downloaded, ` : '';
    onProgress(`Building the Temporal CLI: ${modules}${seen.packages} packages compiled, ${seconds} s`);
  }, REPORT_EVERY_MS);
  try {
    const { code, signal } = await build.exited;
    if (code !== 0) throw new Error(`go build ended with ${code ?? signal}:\n${build.output().slice(-2_000)}`);
  } finally {
    clearInterval(report);
  }
}
