import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import { CONTRACT_VIOLATION_FAILURE, PAGE_FAILED_FAILURE, SUPERSEDED_FAILURE } from '../failure-codes.js';
import { fillPage as fillPageContract, type FillPageResult, type PageAddress } from '../fill-page.contract.js';
import { revertPage as revertPageContract, type RevertPageResult } from '../revert-page.contract.js';
import { parseInput } from './parse-input.js';

/** The activities of a service whose pages are each one activity. */
export interface PageActivities {
  fillPage(address: PageAddress): Promise<FillPageResult>;
  /** Of a service with the capability `revert`. */
  revertPage?(address: PageAddress): Promise<RevertPageResult>;
}

const { fillPage, revertPage } = proxyActivities<Required<PageActivities>>({
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '5s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: {
    initialInterval: '1s',
    maximumInterval: '10s',
    nonRetryableErrorTypes: [SUPERSEDED_FAILURE, PAGE_FAILED_FAILURE, CONTRACT_VIOLATION_FAILURE],
  },
});

/** Fills one page. Which rows are still open is known to the Page API alone, so a second run does no work twice. */
export async function fillPageWorkflow(raw: unknown): Promise<FillPageResult> {
  const { jobId, pageNo, stepNo, fence } = parseInput(fillPageContract, raw);
  return fillPage({ jobId, pageNo, stepNo, fence });
}

/** Takes the external writes of one page back. What is left to do is known to the effect journal alone. */
export async function revertPageWorkflow(raw: unknown): Promise<RevertPageResult> {
  const { jobId, pageNo, stepNo, fence } = parseInput(revertPageContract, raw);
  return revertPage({ jobId, pageNo, stepNo, fence });
}
