import {
  ApplicationFailure,
  TerminatedFailure,
  isCancellation,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import { PAGE_FAILED_FAILURE, compensateJob } from '@uno/workflow-contracts';
import type { CompensationCause, JobOutcome, PageFailureDetail } from '@uno/workflow-contracts';
import { findApplicationFailure } from '@uno/workflow-contracts/workflow';
import type { Saga } from '@uno/workflow-contracts/workflow';
import type { Fence, RevertRefusal } from '../activities/job.activities.js';
import type { compensateJobWorkflow } from './compensate-job.workflow.js';
import { revertSteps } from './revert-steps.js';
import { dueReverts, fenceJob, finishJob, refundCaptures, releaseHold, restorePages } from './steps.js';

export type UndoPhase = 'releaseHold' | 'restorePages' | 'refundCaptures' | 'revertEffects';

/**
 * The undo of a job (rule R7): fence, close the hold and restore the cells, refund what billing lists, take back what was
 * written at providers, finish. It reads what to undo from the databases, never from workflow memory, so the same code runs
 * inside the job and from outside.
 */
export class JobUndo {
  #by: Fence;
  #mode: 'rollback' | 'keep' = 'rollback';
  #wroteOutside = false;
  #hasMoreToRevert = false;
  #refusal: RevertRefusal | undefined;

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

  /** The one phase that needs the teams: it comes last, and where it does not succeed the job is parked (rule R8). */
  readonly revertEffects = async (): Promise<void> => {
    if (!this.#wroteOutside) return;
    const due = await dueReverts(this.#by);
    this.#refusal = await revertSteps(this.#by, due);
    this.#hasMoreToRevert = due.more && this.#refusal === undefined;
  };

  async run(saga: Saga<UndoPhase>, cause: CompensationCause): Promise<JobOutcome> {
    const compensator = `compensation:${workflowInfo().runId}`;
    const { fence, owner, mode, wroteOutside } = await fenceJob({ ...this.#by, compensator, cause });
    this.#by = { ...this.#by, fence, owner };
    this.#mode = mode;
    this.#wroteOutside = wroteOutside;
    await saga.compensate([
      ...(mode === 'rollback'
        ? ([['releaseHold', 'restorePages']] as const)
        : ([['releaseHold'], ['restorePages']] as const)),
      ['refundCaptures'],
      ['revertEffects'],
    ]);
    if (this.#hasMoreToRevert) return this.#goOn(cause);
    return { state: await finishJob({ ...this.#by, ...(this.#refusal && { refusal: this.#refusal }) }) };
  }

  /** The rest is for a run with a history of its own; nothing of this one is open any more. */
  async #goOn(cause: CompensationCause): Promise<never> {
    const { workspaceId, jobId, fence, owner = null } = this.#by;
    const { workflowType } = compensateJob;
    const again = makeContinueAsNewFunc<typeof compensateJobWorkflow>({ workflowType });
    return again({ workspaceId, jobId, owner, fence, cause });
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
