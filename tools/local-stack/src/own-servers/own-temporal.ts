import { Connection, type ConnectionOptions, isGrpcServiceError } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { StackError } from '../stack/stack-error.js';
import { waitUntil } from '../wait-until.js';
import { PREPARE_COMMAND, reasonOf } from './own-database.js';

const CONNECT_TIMEOUT = '10s';
/** How long a finished job's histories can be read; also how long the reconciler can tell how a job ended. */
const RETENTION = '7 days';
/** Status codes of gRPC. */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;

/** A Temporal server that is not ours. */
export interface OwnTemporal {
  readonly connection: ConnectionOptions;
  readonly namespace: string;
}

/**
 * Makes sure that the server answers and has the namespace. Changes nothing.
 *
 * @throws StackError that names the variable.
 */
export async function checkOwnTemporal(temporal: OwnTemporal): Promise<void> {
  await withConnection(temporal, async (connection) => {
    if (await hasNamespace(connection, temporal)) return;
    throw new StackError(
      `TEMPORAL_NAMESPACE: there is no namespace "${temporal.namespace}" at ${temporal.connection.address}. ` +
        `Make it once: ${PREPARE_COMMAND}`,
    );
  });
}

/**
 * Makes the namespace where it is missing. Idempotent.
 *
 * @returns what was changed, in words.
 * @throws StackError that names the variable, also where namespaces are made in another way (Temporal Cloud).
 */
export async function prepareTemporal(temporal: OwnTemporal): Promise<string[]> {
  return withConnection(temporal, async (connection) => {
    if (await hasNamespace(connection, temporal)) return [];
    const { namespace } = temporal;
    await connection.workflowService
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(RETENTION) })
      .catch((error: unknown) => {
        if (codeOf(error) === ALREADY_EXISTS) return;
        throw new StackError(
          `TEMPORAL_NAMESPACE: the namespace "${namespace}" is missing and may not be made here (${grpcReason(error)}). ` +
            'Make it as your provider of Temporal documents it.',
        );
      });
    await untilKnownEverywhere(connection, namespace);
    return [`made the namespace ${namespace}`];
  });
}

async function withConnection<T>(
  { connection: options }: OwnTemporal,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ ...options, connectTimeout: CONNECT_TIMEOUT }).catch(
    (error: unknown) => {
      throw new StackError(`TEMPORAL_ADDRESS: no connection to ${options.address}: ${grpcReason(error)}`);
    },
  );
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

async function hasNamespace(connection: Connection, { namespace }: OwnTemporal): Promise<boolean> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } catch (error) {
    if (codeOf(error) === NOT_FOUND) return false;
    throw new StackError(`TEMPORAL_NAMESPACE: "${namespace}" cannot be looked up: ${grpcReason(error)}`);
  }
}

/** A server's parts learn of a new namespace some seconds after it was made. */
async function untilKnownEverywhere(connection: Connection, namespace: string): Promise<void> {
  await waitUntil(
    async () => {
      await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: 'orchestrator' } });
      return true;
    },
    { intervalMs: 250, what: `the namespace ${namespace} to be usable` },
  );
}

function codeOf(error: unknown): number | undefined {
  return isGrpcServiceError(error) ? error.code : undefined;
}

function grpcReason(error: unknown): string {
  return isGrpcServiceError(error) ? error.details : reasonOf(error);
}
