import { condition } from '@temporalio/workflow';
import type { StageOutline } from '../activities/job.activities.js';

/** Pages of one job that are open at a time, so that a service that is away or slow keeps those few and no others waiting. */
export const OPEN_PAGES = 24;
/** Pages of one job that a step works on at a time; more was no faster when it was measured. */
export const PAGES_PER_STEP = 4;
/** Children that one workflow has at a time, whatever its steps. */
const MAX_CHILDREN = 100;

/**
 * How far a job may run ahead. A page is opened when one of the steps that wait for no other could begin on it, and each step
 * works on a few pages at a time: where one is held up, the others go on with later pages.
 */
export class PageWindow {
  readonly #firstSteps: readonly number[];
  readonly #pagesPerStep: number;
  /** Open pages that a step has not done, by step. */
  readonly #ahead = new Map<number, number>();
  readonly #running = new Map<number, number>();

  constructor(steps: StageOutline['steps']) {
    this.#firstSteps = steps.filter(({ dependsOn }) => dependsOn.length === 0).map(({ stepNo }) => stepNo);
    this.#pagesPerStep = Math.max(1, Math.min(PAGES_PER_STEP, Math.floor(MAX_CHILDREN / steps.length)));
  }

  /** Resolves when another page may be opened. */
  async roomForPage(): Promise<void> {
    await condition(() => this.#firstSteps.some((stepNo) => countOf(this.#ahead, stepNo) < this.#pagesPerStep));
  }

  /** A page was opened that has work for these steps. */
  pageOpened(stepNos: Iterable<number>): void {
    for (const stepNo of stepNos) add(this.#ahead, stepNo, 1);
  }

  /** Runs a step of a page as soon as fewer than its pages at a time are under way. */
  async runStep(stepNo: number, work: () => Promise<unknown>): Promise<void> {
    const hasRoom = (): boolean => countOf(this.#running, stepNo) < this.#pagesPerStep;
    // Whoever waits is told at the same time, and the first takes the room.
    while (!hasRoom()) await condition(hasRoom);
    add(this.#running, stepNo, 1);
    try {
      await work();
    } finally {
      add(this.#running, stepNo, -1);
      add(this.#ahead, stepNo, -1);
    }
  }
}

const countOf = (counts: ReadonlyMap<number, number>, stepNo: number): number => counts.get(stepNo) ?? 0;

function add(counts: Map<number, number>, stepNo: number, difference: number): void {
  counts.set(stepNo, countOf(counts, stepNo) + difference);
}
