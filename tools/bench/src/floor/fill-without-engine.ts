import { setMaxListeners } from 'node:events';
import type { BenchList } from '../stack/workspace.js';
import { CallSlots } from './call-slots.js';
import type { Fence, OpenRow, ProductCode } from './product-code.js';

/** As in the product: pages open at a time, and pages that are sealed and captured together at most. */
const OPEN_PAGES = 4;
const PAGES_PER_CAPTURE = 8;
const HOLD_TTL_SECONDS = 3_600;

interface FloorRun {
  readonly product: ProductCode;
  readonly slots: CallSlots;
  readonly by: Fence;
}

/**
 * Fills a list in this one process: the same transactions in the same order, one hold, the same calls to providers, captures
 * through billing over HTTP. What is left out is what the engine adds: Temporal, the HTTP between the worker and the API, rate
 * leases, heartbeats, the outbox, and any going on after a crash.
 *
 * @returns the job, whose rows say when it was accepted and final, as those of any other job do.
 */
export async function fillWithoutEngine(
  product: ProductCode,
  { workspaceId, list, calls }: { workspaceId: string; list: BenchList; calls: number },
): Promise<string> {
  const { database } = product.money;
  const jobId = await acceptUnrelayed(product, workspaceId, list);
  const begun = await product.beginJob(database, { workspaceId, jobId }, 'floor');
  const stage = begun?.stages[0];
  if (!begun || !stage) throw new Error('The job has nothing to do');
  const by: Fence = { workspaceId, jobId, owner: 'floor', fence: begun.fence };
  await product.holdCredits(product.money, by, HOLD_TTL_SECONDS);
  await fillPages({ product, by, slots: new CallSlots(calls) }, stage);
  await product.completeJob(database, by);
  await product.releaseHold(product.money, by);
  await product.finishJob(database, by);
  return jobId;
}

/** The order to start a workflow is taken back before it commits. */
async function acceptUnrelayed(product: ProductCode, workspaceId: string, list: BenchList): Promise<string> {
  return product.money.database.inWorkspace(workspaceId, async (sql) => {
    const request = {
      columnIds: [list.columnId],
      scope: { type: 'all' },
      approval: 'auto',
      onFailure: 'rollback',
      onCancel: 'rollback',
      overwriteEdits: false,
    };
    const { id } = await product.acceptJob(sql, { workspaceId, listId: list.id }, { request, createdBy: 'floor' });
    await sql.run(`update outbox set relayed_at = now() where workspace_id = $1 and payload ->> 'jobId' = $2`, [
      workspaceId,
      id,
    ]);
    return id;
  });
}

async function fillPages(run: FloorRun, { firstPage, pages }: { firstPage: number; pages: number }): Promise<void> {
  const { product, by } = run;
  const finished: number[] = [];
  let next = firstPage;
  let capturing = Promise.resolve();
  let opening: Promise<unknown> = Promise.resolve();
  const captureFinished = async (): Promise<void> => {
    const pageNos = finished.splice(0, PAGES_PER_CAPTURE);
    if (pageNos.length > 0) await product.sealAndCapture(product.money, by, pageNos);
  };
  const lane = async (): Promise<void> => {
    while (next < firstPage + pages) {
      const pageNo = next++;
      const opened = opening.then(() => product.openPage(product.money.database, by, pageNo));
      opening = opened;
      await opened;
      await fillPage(run, pageNo);
      finished.push(pageNo);
      capturing = capturing.then(captureFinished);
      // Reported at the end; until then the other pages go on.
      capturing.catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: OPEN_PAGES }, lane));
  await capturing;
}

async function fillPage({ product, by, slots }: FloorRun, pageNo: number): Promise<void> {
  const { database } = product.money;
  const step = { pageNo, stepNo: 0, serviceId: 'enrich' };
  const page = await product.readStepPage(database, by, step);
  if (!page) throw new Error(`Page ${pageNo} is not open`);
  let failed: (error: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => (failed = reject));
  const settler = product.settler((results) => product.settleCells(database, by, step, results), failed);
  const waterfall = product.waterfall();
  const wanted = waterfall.openPage(page, () => performance.now());
  const { signal } = new AbortController();
  // Every call of the page listens to it.
  setMaxListeners(0, signal);
  const lookUp = async (rows: readonly OpenRow[]): Promise<void> =>
    settler.add(await slots.use(() => waterfall.lookUp(rows, { page: wanted, signal })));
  await Promise.race([Promise.all(inChunks(page.rows, waterfall.chunkSize).map(lookUp)), failure]);
  await settler.close();
}

function inChunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
