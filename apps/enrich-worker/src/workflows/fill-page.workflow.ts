import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import {
  CONTRACT_VIOLATION_FAILURE,
  PAGE_FAILED_FAILURE,
  SUPERSEDED_FAILURE,
  fillPage as fillPageContract,
  type FillPageResult,
} from '@uno/workflow-contracts';
import { parseInput } from '@uno/workflow-contracts/workflow';
import type { EnrichActivities } from '../activities/enrich.activities.js';

const { fillPage } = proxyActivities<Pick<EnrichActivities, 'fillPage'>>({
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
