import { condition } from '@temporalio/workflow';
import { fillPage, pageWorkflowId } from '@uno/workflow-contracts';
import { executeContract } from '@uno/workflow-contracts/workflow';
import type { Fence, StageOutline } from '../activities/job.activities.js';
import { allOrNone } from './all-or-none.js';
import { OPEN_PAGES, PAGES_PER_STEP, PageWindow } from './page-window.js';
import { openPage, openPageByTask, sealAndCapture } from './steps.js';

/** Pages that one activity seals and captures at most. */
const PAGES_PER_CAPTURE = 8;

/** Fills the pages [fromPage, toPage) of a stage in a sliding window, and captures them as they are done. */
export async function fillPages(by: Fence, stage: StageOutline, fromPage: number, toPage: number): Promise<void> {
  const finished: number[] = [];
  const window = new PageWindow(stage.steps);
  let captured = 0;
  // A child starts when the workflow task ends, which local activities in a row put off: the first pages are opened one by one
  // without, or the rows of the very first would wait until the last of them is open.
  const isInARow = (pageNo: number): boolean => pageNo > fromPage && pageNo < fromPage + PAGES_PER_STEP;
  const open = oneAtATime(async (pageNo) => {
    await window.roomForPage();
    const openOne = isInARow(pageNo) ? openPageByTask : openPage;
    const counts = await openWhenItFits({ ...by, pageNo }, openOne, () => captured);
    window.pageOpened(counts.keys());
    return { pageNo, counts };
  });
  let next = fromPage;
  let lanesOpen = OPEN_PAGES;

  const lane = async (): Promise<void> => {
    while (next < toPage) {
      const page = await open(next++);
      await fillOnePage(by, stage, page, window);
      finished.push(page.pageNo);
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

interface OpenPage {
  readonly pageNo: number;
  /** Cells claimed by step number; a step without any has nothing to do. */
  readonly counts: ReadonlyMap<number, number>;
}

/**
 * Opens one page after another. A page is opened by a local activity, and a worker that takes over is told the results of all
 * local activities of a workflow task at once: with two of them under way, what follows would depend on which worker runs. And a
 * page that waits under the ceiling keeps later ones from taking what is left: rows are filled in their order.
 */
function oneAtATime(open: (pageNo: number) => Promise<OpenPage>): (pageNo: number) => Promise<OpenPage> {
  let last: Promise<unknown> = Promise.resolve();
  return (pageNo) => {
    const opened = last.then(() => open(pageNo));
    last = opened.catch(() => undefined);
    return opened;
  };
}

/** Runs each step of a page as soon as those that it depends on are done there. */
async function fillOnePage(by: Fence, stage: StageOutline, page: OpenPage, window: PageWindow): Promise<void> {
  const { pageNo, counts } = page;
  const waiting = new Set(counts.keys());
  const steps = stage.steps.filter(({ stepNo }) => counts.has(stepNo));
  await allOrNone(
    steps.map(({ stepNo, dependsOn, service, taskQueue }) => async () => {
      await condition(() => !dependsOn.some((each) => waiting.has(each)));
      const address = { jobId: by.jobId, pageNo, stepNo };
      await window.runStep(stepNo, () =>
        executeContract(fillPage, {
          taskQueue,
          workflowId: pageWorkflowId(service, address),
          input: { ...address, fence: by.fence, count: counts.get(stepNo) ?? 0 },
        }),
      );
      waiting.delete(stepNo);
    }),
  );
}

/** Opens a page; one that does not fit under the job's ceiling is tried again whenever another was sealed. */
async function openWhenItFits(
  page: Parameters<typeof openPage>[0],
  openOne: typeof openPage,
  captured: () => number,
): Promise<ReadonlyMap<number, number>> {
  for (;;) {
    const before = captured();
    const opened = await openOne(page);
    if (opened.outcome === 'opened') {
      return new Map(opened.steps.flatMap(({ stepNo, count }) => (count > 0 ? [[stepNo, count] as const] : [])));
    }
    await condition(() => captured() > before);
  }
}
