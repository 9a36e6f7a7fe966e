import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { FillPageInput, FillPageResult, RevertPageInput, RevertPageResult } from '@uno/workflow-contracts';

interface PageActivities {
  fillTestPage(input: FillPageInput): Promise<FillPageResult>;
  revertTestPage(input: RevertPageInput): Promise<RevertPageResult>;
}

const { fillTestPage, revertTestPage } = proxyActivities<PageActivities>({
  startToCloseTimeout: '1 minute',
  // As every team does: what is closed calls its provider no more.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 1 },
});

/** A team's child workflow, as small as the contract allows. */
export async function fillPageWorkflow(input: FillPageInput): Promise<FillPageResult> {
  return fillTestPage(input);
}

/** The inverse, of a team that writes at a provider. */
export async function revertPageWorkflow(input: RevertPageInput): Promise<RevertPageResult> {
  return revertTestPage(input);
}
