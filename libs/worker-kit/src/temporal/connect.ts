import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';

export interface TemporalTarget {
  readonly connection: NativeConnection;
  readonly namespace: string;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/**
 * Connects by Temporal's standard variables (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`,
 * `TEMPORAL_TLS*`). A worker may start before the server: it says so and tries again until `signal` aborts.
 */
export async function connectToTemporal(logger: LoggerService, signal: AbortSignal): Promise<TemporalTarget> {
  const { connectionOptions, namespace } = loadClientConnectConfig({ disableFile: true });
  const address = connectionOptions.address ?? '127.0.0.1:7233';
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    signal.throwIfAborted();
    try {
      const connection = await NativeConnection.connect({ ...connectionOptions, address });
      logger.log({ msg: 'Connected to Temporal', address }, 'Temporal');
      return { connection, namespace: namespace ?? 'default' };
    } catch {
      logger.warn({ msg: 'Temporal is not reachable yet, trying again', address, waitMs }, 'Temporal');
      await sleep(waitMs, undefined, { signal });
    }
  }
}
