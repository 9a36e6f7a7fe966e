import { CancellationScope, condition } from '@temporalio/workflow';
import { fillPage, pageWorkflowId } from '@uno/workflow-contracts';
import { executeContract } from '@uno/workflow-contracts/workflow';
import type { Fence, StageOutline } from '../activities/job.activities.js';
import { openPage, openPageByTask, sealAndCapture } from './steps.js';

/** Pages of one job that are open at a time; more was no faster when it was measured. */
const OPEN_PAGES = 4;
/** Pages that one activity seals and captures at most. */
const PAGES_PER_CAPTURE = 8;

/** Fills the pages [fromPage, toPage) of a stage in a sliding window, and captures them as they are done. */
export async function fillPages(by: Fence, stage: StageOutline, fromPage: number, toPage: number): Promise<void> {
  const finished: number[] = [];
  let captured = 0;
  // A child starts when the workflow task ends, which local activities in a row put off: the first pages are opened one by one
  // without, or the rows of the very first would wait until the last of them is open.
  const isInARow = (pageNo: number): boolean => pageNo > fromPage && pageNo < fromPage + OPEN_PAGES;
  const open = oneAtATime((pageNo) =>
    openWhenItFits({ ...by, pageNo }, isInARow(pageNo) ? openPageByTask : openPage, () => captured),
  );
  let next = fromPage;
  let lanesOpen = OPEN_PAGES;

  const lane = async (): Promise<void> => {
    while (next < toPage) {
      const pageNo = next++;
      const counts = await open(pageNo);
      await fillOnePage(by, stage, pageNo, counts);
      finished.push(pageNo);
    }
    lanesOpen -= 1;
  };
  const captures = async (): Promise<void> => {
    for (;;) {
      await condition(() => finished.length > 0 || lanesOpen === 0);
      if (finished.length === 0) return;
      const pageNos = finished.splice(0, PAGES_PER_CAPTURE);
      await sealAndCapture({ ...by, pageNos });
      captured += pageNos.length;
    }
  };
  await allOrNone([...Array.from({ length: OPEN_PAGES }, () => lane), captures]);
}

/** Cells claimed for each step of a page, by step number. */
type OpenPage = (pageNo: number) => Promise<ReadonlyMap<number, number>>;

/**
 * Opens one page after another. A page is opened by a local activity, and a worker that takes over is told the results of all
 * local activities of a workflow task at once: with two of them under way, what follows would depend on which worker runs. And a
 * page that waits under the ceiling keeps later ones from taking what is left: rows are filled in their order.
 */
function oneAtATime(open: OpenPage): OpenPage {
  let last: Promise<unknown> = Promise.resolve();
  return (pageNo) => {
    const opened = last.then(() => open(pageNo));
    last = opened.catch(() => undefined);
    return opened;
  };
}

async function fillOnePage(
  by: Fence,
  stage: StageOutline,
  pageNo: number,
  counts: ReadonlyMap<number, number>,
): Promise<void> {
  const levels = [...new Set(stage.steps.map(({ level }) => level))].sort((a, b) => a - b);
  for (const level of levels) {
    const steps = stage.steps.filter((step) => step.level === level && (counts.get(step.stepNo) ?? 0) > 0);
    await allOrNone(
      steps.map(({ stepNo, service, taskQueue }) => async () => {
        const address = { jobId: by.jobId, pageNo, stepNo };
        await executeContract(fillPage, {
          taskQueue,
          workflowId: pageWorkflowId(service, address),
          input: { ...address, fence: by.fence, count: counts.get(stepNo) ?? 0 },
        });
      }),
    );
  }
}

/** Opens a page; one that does not fit under the job's ceiling is tried again whenever another was sealed. */
async function openWhenItFits(
  page: Parameters<typeof openPage>[0],
  openOne: typeof openPage,
  captured: () => number,
): Promise<Map<number, number>> {
  for (;;) {
    const before = captured();
    const opened = await openOne(page);
    if (opened.outcome === 'opened') return new Map(opened.steps.map(({ stepNo, count }) => [stepNo, count]));
    await condition(() => captured() > before);
  }
}

/** Runs tasks side by side; the first failure cancels the others, is waited out, and is what the caller gets. */
async function allOrNone(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const scope = new CancellationScope();
  let failed = false;
  let failure: unknown;
  await scope.run(() =>
    Promise.all(
      tasks.map((task) =>
        task().catch((error: unknown) => {
          if (!failed) {
            failed = true;
            failure = error;
            scope.cancel();
          }
        }),
      ),
    ),
  );
  if (failed) throw failure;
}
