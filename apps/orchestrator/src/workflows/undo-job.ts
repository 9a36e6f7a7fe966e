import { ApplicationFailure, TerminatedFailure, isCancellation, workflowInfo } from '@temporalio/workflow';
import { PAGE_FAILED_FAILURE } from '@uno/workflow-contracts';
import type { CompensationCause, JobOutcome, PageFailureDetail } from '@uno/workflow-contracts';
import { findApplicationFailure } from '@uno/workflow-contracts/workflow';
import type { Saga } from '@uno/workflow-contracts/workflow';
import type { Fence } from '../activities/job.activities.js';
import { fenceJob, finishJob, refundCaptures, releaseHold, restorePages } from './steps.js';

export type UndoPhase = 'releaseHold' | 'restorePages' | 'refundCaptures';

/**
 * The undo of a job (rule R7): fence, close the hold and restore the cells, refund what billing lists, finish. It reads what
 * to undo from the databases, never from workflow memory, so the same code runs inside the job and from outside.
 */
export class JobUndo {
  #by: Fence;
  #mode: 'rollback' | 'keep' = 'rollback';

  constructor(job: Fence) {
    this.#by = job;
  }

  readonly releaseHold = async (): Promise<void> => releaseHold(this.#by);

  readonly restorePages = async (): Promise<void> => {
    for (let fromPage: number | null = 0; fromPage !== null;) {
      fromPage = await restorePages({ ...this.#by, mode: this.#mode, fromPage });
    }
  };

  readonly refundCaptures = async (): Promise<void> => refundCaptures(this.#by);

  async run(saga: Saga<UndoPhase>, cause: CompensationCause): Promise<JobOutcome> {
    const compensator = `compensation:${workflowInfo().runId}`;
    const { fence, owner, mode } = await fenceJob({ ...this.#by, compensator, cause });
    this.#by = { ...this.#by, fence, owner };
    this.#mode = mode;
    await saga.compensate(
      mode === 'rollback'
        ? [['releaseHold', 'restorePages'], ['refundCaptures']]
        : [['releaseHold'], ['restorePages'], ['refundCaptures']],
    );
    return { state: await finishJob(this.#by) };
  }
}

const CODES: Readonly<Record<string, string>> = {
  InsufficientCredits: 'insufficient_credits',
  HoldEnded: 'hold_ended',
  BillingRefused: 'billing_refused',
  ContractViolation: 'contract_violation',
};

function codeOf(cause: Error): string | undefined {
  // Nothing of ours terminates a workflow that a job waits for: a person did, or a tool.
  if (cause instanceof TerminatedFailure) return 'workflow_terminated';
  return cause instanceof ApplicationFailure ? CODES[cause.type ?? ''] : undefined;
}

/** Why the job is undone, from the failure that ended it: codes and ids, never a message. */
export function causeOf(error: unknown): CompensationCause {
  if (isCancellation(error)) return { target: 'cancelled' };
  const page = findApplicationFailure(error, PAGE_FAILED_FAILURE)?.details?.[0] as PageFailureDetail | undefined;
  if (page) return { target: 'failed', failure: page };
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = codeOf(cause);
    if (code) return { target: 'failed', failure: { code } };
  }
  return { target: 'failed', failure: { code: 'internal' } };
}
