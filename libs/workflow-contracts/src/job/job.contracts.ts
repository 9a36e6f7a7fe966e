import { z } from 'zod';
import { defineContract } from '../define-contract.js';

/** Task queue of the orchestrator's own workflows. */
export const ORCHESTRATOR_TASK_QUEUE = 'orchestrator';

export const jobRef = z.object({
  workspaceId: z.string().min(1).max(64),
  jobId: z.string().min(1).max(64),
});
export type JobRef = z.infer<typeof jobRef>;

export const finalState = z.enum(['completed', 'failed', 'cancelled']);
export type FinalState = z.infer<typeof finalState>;

/**
 * `superseded`: somebody else (a compensation, another run) owns the job; this run ended without touching it.
 * `compensation_failed`: undone, but a provider did not take back what was written there; it is tried again from outside.
 */
const jobOutcome = z.object({ state: z.enum([...finalState.options, 'superseded', 'compensation_failed']) });
export type JobOutcome = z.infer<typeof jobOutcome>;

/** One user-started fill, from hold to closed books. Workflow id `job:<jobId>`. */
export const fillJob = defineContract({
  workflowType: 'fillJobWorkflow',
  version: 1,
  input: jobRef,
  result: jobOutcome,
});

/** Signal to a job: a step that its team did not open for longer than the team may be absent. */
export const SERVICE_ABSENT_SIGNAL = 'serviceAbsent';
/** Code of the failure of the page that such a step is on. */
export const SERVICE_ABSENT_CODE = 'service_absent';

/** What the signal carries: where, and whom the job waits for. */
export const absentStep = z.object({
  service: z.string().min(1).max(64),
  page: z.number().int().nonnegative(),
  step: z.number().int().nonnegative(),
});
export type AbsentStep = z.infer<typeof absentStep>;

/** A slice of a large job's pages, so that no history grows without bound. Workflow id `job:<jobId>:segment:<n>`. */
export const fillSegment = defineContract({
  workflowType: 'fillSegmentWorkflow',
  version: 1,
  input: jobRef.extend({
    fence: z.number().int().nonnegative(),
    stageNo: z.number().int().nonnegative(),
    fromPage: z.number().int().nonnegative(),
    toPage: z.number().int().nonnegative(),
  }),
  result: z.object({ pages: z.number().int().nonnegative() }),
});

/** Why a job is undone. Ids and codes only; what a person reads is joined from the database by `errorId`. */
export const compensationCause = z.object({
  target: z.enum(['failed', 'cancelled']),
  failure: z
    .object({
      code: z.string().max(64),
      service: z.string().max(64).optional(),
      page: z.number().int().optional(),
      step: z.number().int().optional(),
      errorId: z.string().max(64).optional(),
    })
    .optional(),
});
export type CompensationCause = z.infer<typeof compensationCause>;

/** The same undo from outside, for a job whose workflow is gone. Workflow id `compensate:<jobId>`. */
export const compensateJob = defineContract({
  workflowType: 'compensateJobWorkflow',
  version: 1,
  input: jobRef.extend({
    /** The owner and fence that were read when the job was found without a workflow: taking over is a compare-and-set. */
    owner: z.string().nullable(),
    fence: z.number().int().nonnegative(),
    cause: compensationCause,
  }),
  result: jobOutcome,
});

export const jobWorkflowId = (jobId: string): string => `job:${jobId}`;
export const segmentWorkflowId = (jobId: string, segment: number): string => `job:${jobId}:segment:${segment}`;
export const compensateWorkflowId = (jobId: string): string => `compensate:${jobId}`;
type StepAddress = Readonly<{ jobId: string; pageNo: number; stepNo: number }>;
export const pageWorkflowId = (service: string, { jobId, pageNo, stepNo }: StepAddress): string =>
  `${service}:${jobId}:${pageNo}:${stepNo}`;
export const revertWorkflowId = (service: string, step: StepAddress): string =>
  `revert:${pageWorkflowId(service, step)}`;
