import { proxyActivities } from '@temporalio/workflow';
import type { FillPageInput, FillPageResult } from '@uno/workflow-contracts';

interface PageActivities {
  fillTestPage(input: FillPageInput): Promise<FillPageResult>;
}

const { fillTestPage } = proxyActivities<PageActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 1 },
});

/** A team's child workflow, as small as the contract allows. */
export async function fillPageWorkflow(input: FillPageInput): Promise<FillPageResult> {
  return fillTestPage(input);
}
