import { buildWithGo } from './build-with-go.js';
import { TEMPORAL_CLI_VERSION } from './temporal-version.js';

/**
 * Builds the CLI from the module in `temporal-cli/`. Takes four minutes on two cores with an empty Go cache.
 *
 * @param target path of the program that is written.
 * @throws when Go is missing or the build fails, with its last output.
 */
export function buildTemporalCli(target: string, onProgress: (message: string) => void): Promise<void> {
  const program = {
    name: `the Temporal CLI ${TEMPORAL_CLI_VERSION}`,
    module: 'temporal-cli',
    main: 'github.com/temporalio/cli/cmd/temporal',
    variables: { 'github.com/temporalio/cli/internal/temporalcli.Version': TEMPORAL_CLI_VERSION },
  };
  return buildWithGo(program, target, onProgress);
}
