import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { serverAddress, TEST_TEMPORAL_ADDRESS } from './test-servers.js';

/** A connection to the run's shared Temporal server. */
export interface TestTemporal {
  /** `host:port` of the frontend. */
  readonly address: string;
  readonly namespace: string;
  readonly client: Client;
  /** A task queue, or a workflow id, that no other test uses. */
  uniqueQueue(prefix: string): string;
  /** Closes the connection; the server goes on for other tests. */
  close(): Promise<void>;
}

/**
 * Connects to the run's shared Temporal server. All tests of a run share it, so each uses queues and ids of its own.
 *
 * @throws when the project's Jest configuration did not ask for Temporal.
 */
export async function testTemporal(): Promise<TestTemporal> {
  const address = serverAddress(TEST_TEMPORAL_ADDRESS);
  const namespace = 'default';
  const connection = await Connection.connect({ address });
  return {
    address,
    namespace,
    client: new Client({ connection, namespace }),
    uniqueQueue: (prefix) => `${prefix}-${randomUUID()}`,
    close: () => connection.close(),
  };
}
