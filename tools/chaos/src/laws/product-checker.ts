import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { sleep } from '@uno/local-stack';
import type { Tenant } from '../traffic/tenant.js';
import type { Violation } from './violation.js';

const CLOSED_WITHIN_MS = 20_000;
const PAUSE_MS = 250;
const SETTLED_WITHIN_MS = 75_000;
const ASK_AGAIN_AFTER_MS = 1_000;

/** As the product's reconciliation reports it. */
interface Difference {
  readonly law: string;
  readonly kind: string;
  readonly detail: string;
  readonly jobId?: string;
}

/** L1 to L9 and L21 as an operator sees them: the product's own reconciliation of the workspace, and the books of each job. */
export async function askProduct(tenant: Tenant, jobIds: readonly string[]): Promise<Violation[]> {
  const books = await Promise.all(jobIds.map((jobId) => openBooks(tenant, jobId)));
  return [...(await reconcile(tenant)), ...books.flat()];
}

/** What is not so yet counts as soon as it has stood for as long as it may. */
async function reconcile(tenant: Tenant): Promise<Violation[]> {
  for (const deadline = Date.now() + SETTLED_WITHIN_MS; ; await sleep(ASK_AGAIN_AFTER_MS)) {
    const { status, body } = await tenant.ask('POST', '/v1/reconciliations', {});
    if (status >= 400) {
      return [{ law: 'L1-L9', detail: `The reconciliation answered ${status}: ${JSON.stringify(body)}` }];
    }
    const { differences, settling } = body as { differences: readonly Difference[]; settling: readonly Difference[] };
    if (settling.length > 0 && differences.length === 0 && Date.now() < deadline) continue;
    return [...differences, ...settling].map(({ law, kind, detail, jobId }) => ({
      ...{ law, detail: `${kind}: ${detail}` },
      ...(jobId && { jobId }),
    }));
  }
}

async function openBooks(tenant: Tenant, jobId: string): Promise<Violation[]> {
  const { status, body } = await tenant.ask('GET', `/v1/jobs/${jobId}/books`);
  if (status === 200 && (body as { closed: boolean }).closed) return [];
  return [{ law: 'L6', detail: `The books of the job are not closed: ${JSON.stringify(body)}`, jobId }];
}

/** L21, read from Temporal itself: once a job is final, none of its workflows runs for long. */
export async function checkWorkflows(client: Client, jobIds: readonly string[]): Promise<Violation[]> {
  const deadline = Date.now() + CLOSED_WITHIN_MS;
  for (;;) {
    const running = (await Promise.all(jobIds.map((jobId) => runningOf(client, jobId)))).flat();
    if (running.length === 0) return [];
    if (Date.now() > deadline) {
      return running.map((workflowId) => ({
        law: 'L21',
        detail: `${workflowId} still runs although its job is final`,
      }));
    }
    await sleep(PAUSE_MS);
  }
}

async function runningOf(client: Client, jobId: string): Promise<string[]> {
  const ids = [`job:${jobId}`, `compensate:${jobId}`];
  const running: string[] = [];
  for (const id of ids) {
    try {
      const { status } = await client.workflow.getHandle(id).describe();
      if (status.name === 'RUNNING') running.push(id);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return running;
}
