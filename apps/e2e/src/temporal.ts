import { Client, Connection } from '@temporalio/client';
import { readCredentials } from './stack-home.js';

/** Runs something with a connection of its own to the stack's Temporal server. */
export async function withTemporal<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const { temporalAddress: address, temporalNamespace: namespace } = readCredentials();
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

/** A run of a workflow as the visibility store knows it. */
export interface ListedWorkflow {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: string;
  /** All that the visibility record says, as text. */
  readonly record: string;
}

/** Every run that belongs to a job: its own workflow, segments, pages and compensations. */
export async function workflowsOf(client: Client, jobId: string): Promise<ListedWorkflow[]> {
  const found: ListedWorkflow[] = [];
  for await (const run of client.workflow.list()) {
    if (!run.workflowId.includes(jobId)) continue;
    found.push({
      workflowId: run.workflowId,
      runId: run.runId,
      status: run.status.name,
      record: readable(run.raw),
    });
  }
  return found;
}

/** All texts in a message of the server, with the bytes of payloads decoded. */
export function readable(message: unknown, seen = new Set<unknown>()): string {
  if (typeof message === 'string') return message;
  if (message instanceof Uint8Array) return Buffer.from(message).toString('utf8');
  if (typeof message !== 'object' || message === null || seen.has(message)) return '';
  seen.add(message);
  return Object.entries(message)
    .map(([name, value]) => `${name} ${readable(value, seen)}`)
    .join('\n');
}

/** The history of one run as text. */
export async function historyOf(client: Client, { workflowId, runId }: ListedWorkflow): Promise<string> {
  return readable(await client.workflow.getHandle(workflowId, runId).fetchHistory());
}
