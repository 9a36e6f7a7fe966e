import { ApplicationFailure } from '@temporalio/workflow';
import { fillSegment } from '@uno/workflow-contracts';
import type { ResultOf } from '@uno/workflow-contracts';
import { parseInput } from '@uno/workflow-contracts/workflow';
import { fillPages } from './fill-pages.js';
import { readStages } from './steps.js';

/** A slice of a large job's pages. It never compensates: it stops and reports, and the job decides. */
export async function fillSegmentWorkflow(raw: unknown): Promise<ResultOf<typeof fillSegment>> {
  const { workspaceId, jobId, fence, stageNo, fromPage, toPage } = parseInput(fillSegment, raw);
  const stages = await readStages({ workspaceId, jobId });
  const stage = stages.find((one) => one.stageNo === stageNo);
  if (!stage) throw ApplicationFailure.nonRetryable(`The job has no stage ${stageNo}`, 'ContractViolation');
  await fillPages({ workspaceId, jobId, fence }, stage, fromPage, toPage);
  return { pages: toPage - fromPage };
}
