import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ConnectionOptions } from '@temporalio/client';
import { StackError } from './stack-error.js';

/** Read by this stack itself, and not part of Temporal's environment configuration. */
const NOT_ABOUT_THE_CONNECTION = ['TEMPORAL_CLI_PATH', 'TEMPORAL_SERVER_PATH', 'TEMPORAL_UI_URL'];

/** The Temporal server that is used. */
export interface TemporalPlan {
  /** Whether it is a server of the user's own. */
  readonly external: boolean;
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | undefined;
  readonly connection: ConnectionOptions;
  /** By which variables the processes that need Temporal find it; may hold an API key. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * `TEMPORAL_ADDRESS` decides: with it, Temporal's standard variables (`TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`,
 * `TEMPORAL_TLS`, `TEMPORAL_TLS_CLIENT_CERT_PATH` …) say how it is reached; without it, none of them counts, because they
 * were meant for another server than ours.
 *
 * @throws StackError when a certificate cannot be read.
 */
export function temporalPlan(env: NodeJS.ProcessEnv, ours: { address: string; uiUrl: string }): TemporalPlan {
  const external = Boolean(env['TEMPORAL_ADDRESS']);
  const variables = external ? connectionVariables(env) : { TEMPORAL_ADDRESS: ours.address };
  const { connectionOptions, namespace = 'default' } = read(variables);
  return {
    external,
    address: connectionOptions.address ?? ours.address,
    namespace,
    uiUrl: external ? env['TEMPORAL_UI_URL'] : ours.uiUrl,
    connection: connectionOptions as ConnectionOptions,
    env: { ...variables, TEMPORAL_NAMESPACE: namespace },
  };
}

function connectionVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const named = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[0].startsWith('TEMPORAL_') && Boolean(entry[1]),
  );
  return Object.fromEntries(named.filter(([name]) => !NOT_ABOUT_THE_CONNECTION.includes(name)));
}

function read(variables: Record<string, string>): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig({ disableFile: true, overrideEnvVars: variables });
  } catch (error) {
    throw new StackError(`A variable TEMPORAL_… cannot be used: ${(error as Error).message}`);
  }
}
